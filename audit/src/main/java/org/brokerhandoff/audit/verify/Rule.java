package org.brokerhandoff.audit.verify;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.replay.DecisionReplay;
import org.brokerhandoff.audit.replay.InputCheck;

/**
 * Something that has to be true of the event log.
 *
 * @param code stable name, by which reports and the documentation refer to it
 * @param sentence what has to be true
 * @param check finds what is not; each sentence that it returns is one violation
 */
public record Rule(String code, String sentence, Check check) {

    static Rule ofRecord(String code, String sentence, OfRecord check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofPublished(String code, String sentence, OfPublished check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofLedger(String code, String sentence, OfLedger check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofPartition(String code, String sentence, OfPartition check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofPublications(String code, String sentence, OfPublications check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofSignup(String code, String sentence, OfSignup check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofErasure(String code, String sentence, OfErasure check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofOffsets(String code, String sentence, OfOffsets check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofLife(String code, String sentence, OfLife check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofRelated(String code, String sentence, OfRelated check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofDecision(String code, String sentence, OfDecision check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofClaims(String code, String sentence, OfClaims check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofInputs(String code, String sentence, OfInputs check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofDating(String code, String sentence, OfDating check) {
        return new Rule(code, sentence, check);
    }

    static Rule ofWindows(String code, String sentence, OfWindows check) {
        return new Rule(code, sentence, check);
    }

    /** What a rule looks at. */
    public sealed interface Check
            permits OfLedger,
                    OfRecord,
                    OfPublished,
                    OfPartition,
                    OfPublications,
                    OfSignup,
                    OfErasure,
                    OfOffsets,
                    OfLife,
                    OfRelated,
                    OfDecision,
                    OfDating,
                    OfClaims,
                    OfInputs,
                    OfWindows {}

    /** Looks at each record of {@code handoffs}, in their order, with the decisions of its partition made again. */
    public non-sealed interface OfDecision extends Check {
        /** What is wrong with {@code event}, if it is a decision; {@code outcome} is what came of making it again. */
        List<String> violations(SpecificRecord event, Optional<DecisionReplay.Outcome> outcome, DecisionReplay replay);
    }

    /** Looks at each claim that contradicts another one. */
    public non-sealed interface OfClaims extends Check {
        /** What is wrong with it. */
        List<String> violations(Contradiction contradiction);
    }

    /** Looks at each decision that was made from other inputs than its signup's consent names. */
    public non-sealed interface OfInputs extends Check {
        /** What is wrong with it. */
        List<String> violations(InputCheck.Deviation deviation);
    }

    /** Looks at each record that is dated back or ahead of its append. */
    public non-sealed interface OfDating extends Check {
        /** What is wrong with it. */
        List<String> violations(RecordTimes.Dating dating);
    }

    /** Looks once, at the end, at the acceptances in the windows of caps. */
    public non-sealed interface OfWindows extends Check {
        /** What is wrong with them. */
        List<String> violations(Windows windows);
    }

    /** Looks at what the ledger says, recomputed. */
    public non-sealed interface OfLedger extends Check {
        /** What is wrong, if the finding is this rule's. */
        List<String> violations(LedgerFinding finding);
    }

    /** Looks at each record by itself. */
    public non-sealed interface OfRecord extends Check {
        /** What is wrong with {@code record} in the log of {@code installation}. */
        List<String> violations(KeptRecord record, Installation installation);
    }

    /** Looks at each record with an event, when everything that was published is known. Of the record it knows place, key and event. */
    public non-sealed interface OfPublished extends Check {
        /** What is wrong with {@code record}. */
        List<String> violations(KeptRecord record, Scope scope);
    }

    /** Looks at what is left of each partition. */
    public non-sealed interface OfPartition extends Check {
        /** What is wrong with the partition. */
        List<String> violations(Extent extent);
    }

    /** Looks once at the published policies and directories. */
    public non-sealed interface OfPublications extends Check {
        /** What is wrong with them. */
        List<String> violations(Publications publications);
    }

    /** Looks at each signup when all its events are known. */
    public non-sealed interface OfSignup extends Check {
        /** What is wrong with the signup's life. */
        List<String> violations(SignupFacts facts, Scope scope);
    }

    /** Looks at each signup when all its events are known, and at what the brokers' files of its partition were found to hold. */
    public non-sealed interface OfErasure extends Check {
        /** What is wrong with the signup's erasure. */
        List<String> violations(SignupFacts facts, ErasureReports reports);
    }

    /** Looks at each signup, and at those that its facts name, when all their events are known. */
    public non-sealed interface OfRelated extends Check {
        /** What is wrong with it; {@code others} knows the signups of this partition. */
        List<String> violations(SignupFacts facts, Function<UUID, Optional<SignupFacts>> others, Scope scope);
    }

    /** Looks at what routers said of the offsets of one partition number, when all is known. */
    public non-sealed interface OfOffsets extends Check {
        /** What is wrong with it. */
        List<String> violations(RecordAccounts accounts, Scope scope);
    }

    /** Looks at each signup when all its events are known, and at what stood at the offsets of its partition. */
    public non-sealed interface OfLife extends Check {
        /** What is wrong with the signup's life. */
        List<String> violations(SignupFacts facts, RecordAccounts accounts, Scope scope);
    }
}
