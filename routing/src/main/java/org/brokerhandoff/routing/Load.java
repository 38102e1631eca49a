package org.brokerhandoff.routing;

import org.brokerhandoff.event.BrokerLoad;

/**
 * State of a broker that a decision rests on, as the router saw it.
 *
 * @param suspended whether it is suspended, after 410, 401 or 403
 * @param unavailable whether its circuit breaker is open
 * @param hourlyPlaces places that other signups have taken in the current hour; 0 without an hourly cap
 * @param dailyPlaces places that other signups have taken on the current day; 0 without a daily cap
 */
public record Load(boolean suspended, boolean unavailable, int hourlyPlaces, int dailyPlaces) {
    /** Of a broker without caps, suspension or open breaker. */
    public static final Load NONE = new Load(false, false, 0, 0);

    /** What an event says. */
    public static Load of(BrokerLoad event) {
        Integer hourly = event.getHourlyPlaces();
        Integer daily = event.getDailyPlaces();
        return new Load(
                event.getSuspended(), event.getUnavailable(), hourly == null ? 0 : hourly, daily == null ? 0 : daily);
    }

    /** This load of {@code broker}, for an event. */
    public BrokerLoad event(BrokerFacts broker) {
        return BrokerLoad.newBuilder()
                .setBroker(broker.id())
                .setSuspended(suspended)
                .setUnavailable(unavailable)
                .setHourlyPlaces(broker.hourlyCap().isPresent() ? hourlyPlaces : null)
                .setDailyPlaces(broker.dailyCap().isPresent() ? dailyPlaces : null)
                .build();
    }
}
