package org.brokerhandoff.operations.configuration;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One environment variable that services read. Immutable; every instance is listed in {@link Settings#ALL}.
 *
 * @param <T> type of its value
 */
public final class Setting<T> {

    /** Prefix of every name, by which unknown names are recognised. */
    public static final String PREFIX = "HANDOFF_";

    private final String name;
    private final Kind<T> kind;
    private final Absence absence;
    private final boolean secret;
    private final String description;
    private final Set<Service> services;
    /** Those of them that can start without it, although others cannot. */
    private final Set<Service> optionalFor;

    private Setting(
            String name,
            Kind<T> kind,
            Absence absence,
            boolean secret,
            String description,
            Set<Service> services,
            Set<Service> optionalFor) {
        if (!name.startsWith(PREFIX)) {
            throw new IllegalArgumentException(name + " does not start with " + PREFIX);
        }
        if (absence instanceof DefaultText text && kind.parse(text.value()).isEmpty()) {
            throw new IllegalArgumentException("the default of " + name + " must be " + kind.rule());
        }
        this.name = name;
        this.kind = kind;
        this.absence = absence;
        this.secret = secret;
        this.description = requireNonNull(description, "description");
        this.services = Collections.unmodifiableSet(services);
        this.optionalFor = Collections.unmodifiableSet(optionalFor);
    }

    static <T> Setting<T> required(String name, Kind<T> kind, String description, Service first, Service... others) {
        return new Setting<>(name, kind, Required.REQUIRED, false, description, EnumSet.of(first, others), Set.of());
    }

    static <T> Setting<T> optional(String name, Kind<T> kind, String description, Service first, Service... others) {
        return new Setting<>(name, kind, Unset.UNSET, false, description, EnumSet.of(first, others), Set.of());
    }

    static <T> Setting<T> withDefault(
            String name, Kind<T> kind, String defaultText, String description, Service first, Service... others) {
        return new Setting<>(
                name, kind, new DefaultText(defaultText), false, description, EnumSet.of(first, others), Set.of());
    }

    /** The same setting, marked as secret: its value may contain a password and is never shown. */
    Setting<T> secret() {
        return new Setting<>(name, kind, absence, true, description, services, optionalFor);
    }

    /** The same setting, which {@code other} reads too, optionally. */
    Setting<T> optionalFor(Service other) {
        EnumSet<Service> all = EnumSet.copyOf(services);
        all.add(other);
        return new Setting<>(name, kind, absence, secret, description, all, EnumSet.of(other));
    }

    public String name() {
        return name;
    }

    public Kind<T> kind() {
        return kind;
    }

    public String description() {
        return description;
    }

    public Set<Service> services() {
        return services;
    }

    /** Whether any service cannot start without it. */
    public boolean isRequired() {
        return absence == Required.REQUIRED;
    }

    /** Whether {@code service} cannot start without it. */
    public boolean isRequiredBy(Service service) {
        return isRequired() && services.contains(service) && !optionalFor.contains(service);
    }

    /** Services that use it and can start without it, although others cannot. */
    public Set<Service> optionalFor() {
        return optionalFor;
    }

    /** Whether its value may contain a password. */
    public boolean isSecret() {
        return secret;
    }

    /** The default, as it would be written in the environment. */
    public Optional<String> defaultText() {
        return absence instanceof DefaultText text ? Optional.of(text.value()) : Optional.empty();
    }

    @Override
    public String toString() {
        return name;
    }

    /** The meaning of an absent setting. */
    private sealed interface Absence permits Required, Unset, DefaultText {}

    private enum Required implements Absence {
        REQUIRED
    }

    private enum Unset implements Absence {
        UNSET
    }

    private record DefaultText(String value) implements Absence {}
}
