package org.brokerhandoff.audit.log;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.RecordsFinished;

/**
 * Selects the records needed before the signups are judged: published policies, directories, rules per country, examinations and suspensions,
 * and the first account of records, of which only the existence matters. Called once per record.
 */
public final class PublicationFilter {
    private static final List<String> TYPES = List.of(
            PolicyPublished.getClassSchema().getFullName(),
            DirectoryPublished.getClassSchema().getFullName(),
            CountryRulesPublished.getClassSchema().getFullName(),
            BrokerSuspended.getClassSchema().getFullName(),
            BrokerResumed.getClassSchema().getFullName(),
            CustodyExamined.getClassSchema().getFullName());
    private static final String FINISHED_TYPE = RecordsFinished.getClassSchema().getFullName();

    private boolean accounted;

    /** Whether the next record, whose header gives {@code type}, is wanted. */
    public boolean wants(Optional<String> type) {
        if (!accounted && type.filter(FINISHED_TYPE::equals).isPresent()) {
            accounted = true;
            return true;
        }
        return type.filter(TYPES::contains).isPresent();
    }
}
