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
 * Which records are looked at before the signups are judged: published policies, directories, rules per country, examinations and
 * suspensions, and the first account of records, of which it matters only whether there is one. Asked once for each record.
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

    /** Whether the next record, whose header says that it is of {@code type}, is wanted. */
    public boolean wants(Optional<String> type) {
        if (!accounted && type.filter(FINISHED_TYPE::equals).isPresent()) {
            accounted = true;
            return true;
        }
        return type.filter(TYPES::contains).isPresent();
    }
}
