package org.brokerhandoff.audit.verify;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.replay.DecisionReplay;
import org.brokerhandoff.audit.replay.InputCheck;

/**
 * A requirement on the event log.
 *
 * @param code stable name, used by reports and the documentation
 * @param sentence the requirement
 * @param check finds violations; each sentence that it returns is one violation
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

    /** The subject of a rule. */
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

    /** Checks each record of {@code handoffs}, in order, with the decisions of its partition replayed. */
    public non-sealed interface OfDecision extends Check {
        /** The fault of {@code event}, if it is a decision; {@code outcome} is the result of the replay. */
        List<String> violations(SpecificRecord event, Optional<DecisionReplay.Outcome> outcome, DecisionReplay replay);
    }

    /** Checks each claim that contradicts another one. */
    public non-sealed interface OfClaims extends Check {
        /** Its fault. */
        List<String> violations(Contradiction contradiction);
    }

    /** Checks each decision whose inputs differ from its signup's consent. */
    public non-sealed interface OfInputs extends Check {
        /** Its fault. */
        List<String> violations(InputCheck.Deviation deviation);
    }

    /** Checks each record that is backdated or postdated. */
    public non-sealed interface OfDating extends Check {
        /** Its fault. */
        List<String> violations(RecordTimes.Dating dating);
    }

    /** Checks once, at the end, the acceptances in the windows of caps. */
    public non-sealed interface OfWindows extends Check {
        /** Their faults. */
        List<String> violations(Windows windows);
    }

    /** Checks the ledger's statements, recomputed. */
    public non-sealed interface OfLedger extends Check {
        /** The fault, if the finding belongs to this rule. */
        List<String> violations(LedgerFinding finding);
    }

    /** Checks each record individually. */
    public non-sealed interface OfRecord extends Check {
        /** The faults of {@code record} in the log of {@code installation}. */
        List<String> violations(KeptRecord record, Installation installation);
    }

    /** Checks each record with an event, when all publications are known. Only position, key and event of the record are known. */
    public non-sealed interface OfPublished extends Check {
        /** The faults of {@code record}. */
        List<String> violations(KeptRecord record, Scope scope);
    }

    /** Checks what is left of each partition. */
    public non-sealed interface OfPartition extends Check {
        /** The faults of the partition. */
        List<String> violations(Extent extent);
    }

    /** Checks once the published policies and directories. */
    public non-sealed interface OfPublications extends Check {
        /** Their faults. */
        List<String> violations(Publications publications);
    }

    /** Checks each signup when all its events are known. */
    public non-sealed interface OfSignup extends Check {
        /** The faults of the signup's life. */
        List<String> violations(SignupFacts facts, Scope scope);
    }

    /** Checks each signup when all its events are known, against the content found in the brokers' files of its partition. */
    public non-sealed interface OfErasure extends Check {
        /** The faults of the signup's erasure. */
        List<String> violations(SignupFacts facts, ErasureReports reports);
    }

    /** Checks each signup, and those that its facts name, when all their events are known. */
    public non-sealed interface OfRelated extends Check {
        /** Its faults; {@code others} has the signups of this partition. */
        List<String> violations(SignupFacts facts, Function<UUID, Optional<SignupFacts>> others, Scope scope);
    }

    /** Checks the routers' accounts of the offsets of one partition number, when all is known. */
    public non-sealed interface OfOffsets extends Check {
        /** Its faults. */
        List<String> violations(RecordAccounts accounts, Scope scope);
    }

    /** Checks each signup when all its events are known, against the records at the offsets of its partition. */
    public non-sealed interface OfLife extends Check {
        /** The faults of the signup's life. */
        List<String> violations(SignupFacts facts, RecordAccounts accounts, Scope scope);
    }
}
