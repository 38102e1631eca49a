package org.brokerhandoff.register.feed;

import java.util.Arrays;
import java.util.Optional;

/** The types of entries. Names are added, never changed. */
public enum FeedType {
    /** A broker was chosen; nothing was sent to it yet. */
    SIGNUP_ASSIGNED("signup.assigned"),
    /** A broker confirmed that it has the signup. */
    SIGNUP_DELIVERED("signup.delivered"),
    /** No broker can take it. */
    SIGNUP_UNDELIVERABLE("signup.undeliverable"),
    /** Nothing of the person is retained. */
    SIGNUP_PURGED("signup.purged"),
    /** A consent was withdrawn, by the person or by the website. */
    WITHDRAWAL_RECORDED("withdrawal.recorded"),
    /** A broker confirmed the notice of the withdrawal. */
    WITHDRAWAL_CONFIRMED("withdrawal.confirmed"),
    /** A broker confirmed that it has fulfilled a request. */
    REQUEST_COMPLETED("request.completed"),
    /** A broker refused a request. */
    REQUEST_REFUSED("request.refused"),
    /** The operator decided a request. */
    REQUEST_DECIDED("request.decided"),
    /** The answer to a request takes longer. */
    REQUEST_EXTENDED("request.extended"),
    /** A request is unanswered and due soon. */
    REQUEST_DEADLINE_NEAR("request.deadline-near"),
    /** The person is asked a question, through the website. */
    QUESTION_PENDING("question.pending"),
    /** A broker is suspended for a while; sent to every website. */
    BROKER_SUSPENDED("broker.suspended"),
    /** A suspended broker is resumed; sent to every website. */
    BROKER_RESUMED("broker.resumed");

    private final String wireName;

    FeedType(String wireName) {
        this.wireName = wireName;
    }

    /** The name in entries and in {@code feeds.yaml}. */
    public String wireName() {
        return wireName;
    }

    /** The type of that name. */
    public static Optional<FeedType> named(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(wireName))
                .findFirst();
    }
}
