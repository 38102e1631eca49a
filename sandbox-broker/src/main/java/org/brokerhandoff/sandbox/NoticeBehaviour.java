package org.brokerhandoff.sandbox;

import java.util.UUID;

/** How a broker reacts to notices of withdrawals and other rights requests. */
@FunctionalInterface
public interface NoticeBehaviour {

    /**
     * Decides.
     *
     * @param arrival number of arrivals of a notice of this type for this signup, including this one; counted per request
     */
    NoticeReaction reactTo(UUID signupId, String type, int arrival);

    /** Completes each notice at once. */
    static NoticeBehaviour completing() {
        return (signupId, type, arrival) -> new NoticeReaction.Complete();
    }

    /** Answers 202, and {@code pending} to this many polls; then it is completed. */
    static NoticeBehaviour pending(int questions) {
        return (signupId, type, arrival) -> new NoticeReaction.Pend(questions);
    }

    /** Answers this status to the first arrivals, then completes. */
    static NoticeBehaviour failing(int status, int arrivals) {
        return (signupId, type, arrival) ->
                arrival <= arrivals ? new NoticeReaction.Fail(status) : new NoticeReaction.Complete();
    }

    /**
     * Refuses where a broker may refuse: a withdrawal is completed.
     *
     * @param reason one of the contract's
     */
    static NoticeBehaviour refusing(String reason) {
        return (signupId, type, arrival) ->
                type.equals("withdrawal") ? new NoticeReaction.Complete() : new NoticeReaction.Refuse(reason);
    }

    /** Never answers. */
    static NoticeBehaviour silent() {
        return (signupId, type, arrival) -> new NoticeReaction.Silent();
    }
}
