package org.brokerhandoff.sandbox;

/** What the broker does with one notice. A completed notice stays completed. */
public sealed interface NoticeReaction {
    /** 200: done. */
    record Complete() implements NoticeReaction {}

    /** 202: in progress; {@code pending} is the answer to this many polls, then it is completed. */
    record Pend(int questions) implements NoticeReaction {}

    /**
     * 200: the broker refuses.
     *
     * @param reason one of the contract's
     */
    record Refuse(String reason) implements NoticeReaction {}

    /** An error status; the notice is not taken. */
    record Fail(int status) implements NoticeReaction {}

    /** No answer; the notice is not taken. */
    record Silent() implements NoticeReaction {}
}
