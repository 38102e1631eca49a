package org.brokerhandoff.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.PersonalData;
import org.jspecify.annotations.NullMarked;

/** The rules of the package tree; docs/decisions.md has the reasons. */
@AnalyzeClasses(packages = "org.brokerhandoff", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE = {
        "org.brokerhandoff.routing..",
        "org.brokerhandoff.country",
        "org.brokerhandoff.custody.cells.fitness..",
        "org.brokerhandoff.custody.cells.rules..",
        "org.brokerhandoff.custody.cells.share..",
        "org.brokerhandoff.router.domain..",
        "org.brokerhandoff.router.mapping..",
        "org.brokerhandoff.ingest.domain..",
        "org.brokerhandoff.audit.verify..",
        "org.brokerhandoff.audit.replay..",
        "org.brokerhandoff.erasure.look..",
        "org.brokerhandoff.ledger..",
        "org.brokerhandoff.ledgerservice.round..",
    };

    @ArchTest
    static final ArchRule the_person_is_read_only_where_it_is_sealed_or_delivered = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "org.brokerhandoff.custody..",
                    "org.brokerhandoff.ingest.http..",
                    "org.brokerhandoff.ingest.accept..",
                    "org.brokerhandoff.ingest.intake..",
                    "org.brokerhandoff.router.seal..",
                    "org.brokerhandoff.router.deliver..",
                    "org.brokerhandoff.router.http..")
            .should()
            .callMethod(PersonalData.class, "expose", java.util.function.Function.class)
            .orShould()
            .callMethod(PersonalData.class, "expose", PersonalData.Reader.class);

    @ArchTest
    static final ArchRule a_person_does_not_become_a_string_unawares = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.brokerhandoff.ingest.accept..",
                    "org.brokerhandoff.ingest.intake..",
                    "org.brokerhandoff.router.seal..",
                    "org.brokerhandoff.router.mapping..",
                    "org.brokerhandoff.router.deliver..")
            .and()
            // Its method copy() is where it is done knowingly.
            .doNotHaveSimpleName("ClearText")
            .should()
            .callConstructorWhere(target(owner(type(String.class))));

    @ArchTest
    static final ArchRule data_keys_are_held_in_a_class_that_can_destroy_them = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.brokerhandoff.custody..",
                    "org.brokerhandoff.ingest.accept..",
                    "org.brokerhandoff.ingest.intake..",
                    "org.brokerhandoff.router.seal..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("javax.crypto.spec.SecretKeySpec");

    @ArchTest
    static final ArchRule auditors_and_the_register_never_touch_keys_or_people = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.brokerhandoff.audit..",
                    "org.brokerhandoff.register..",
                    "org.brokerhandoff.eventlog..",
                    "org.brokerhandoff.schemas..",
                    "org.brokerhandoff.operations..",
                    "org.brokerhandoff.ledger..",
                    "org.brokerhandoff.ledgerservice..",
                    "org.brokerhandoff.erasure..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.brokerhandoff.custody..");

    @ArchTest
    static final ArchRule spans_are_made_in_one_package = noClasses()
            .that()
            .resideOutsideOfPackage("org.brokerhandoff.operations.tracing..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..")
            .because("what a span can say is on the list of Attribute");

    @ArchTest
    static final ArchRule a_span_says_nothing_but_attributes_of_the_list = noClasses()
            .should()
            .callMethodWhere(describe("gives a span text of another kind", call -> {
                String name = call.getName();
                boolean ofSpan = call.getTargetOwner().getFullName().startsWith("io.opentelemetry.api.trace.");
                boolean attribute = name.startsWith("setAttribute")
                        || name.equals("setAllAttributes")
                        || (name.equals("addLink")
                                && call.getTarget().getRawParameterTypes().size() > 1);
                boolean text = Set.of("recordException", "addEvent", "updateName")
                                .contains(name)
                        || (name.equals("setStatus")
                                && call.getTarget().getRawParameterTypes().size() > 1);
                boolean fromList =
                        attribute && call.getOriginOwner().getSimpleName().equals("TracedSpan");
                return ofSpan && (text || (attribute && !fromList));
            }))
            .because("messages of exceptions may quote personal data");

    @ArchTest
    static final ArchRule deciding_code_knows_no_edge = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "io.vertx..",
                    "org.slf4j..",
                    "java.sql..",
                    "java.net.http..",
                    "java.util.concurrent..",
                    "java.nio.file..");

    @ArchTest
    static final ArchRule deciding_code_reads_no_clock = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .or()
            .haveSimpleNameEndingWith("Planner")
            .or()
            .haveSimpleNameEndingWith("Rules")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule services_read_the_clock_in_one_place = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.brokerhandoff.ingest..",
                    "org.brokerhandoff.router..",
                    "org.brokerhandoff.registerservice..",
                    "org.brokerhandoff.custody..",
                    "org.brokerhandoff.eventlog..")
            .and()
            .resideOutsideOfPackage("org.brokerhandoff.custody.time..")
            .should()
            .callMethodWhere(describe("reads a wall clock", call -> {
                String owner = call.getTargetOwner().getFullName();
                String name = call.getName();
                boolean ofJavaTime =
                        owner.startsWith("java.time.") && (name.equals("now") || name.startsWith("system"));
                return ofJavaTime || (owner.equals("java.lang.System") && name.equals("currentTimeMillis"));
            }))
            .orShould()
            .callConstructor(java.util.Date.class)
            .because("a clock that is set wrong must destroy nothing: TrustedTime is the one source");

    @ArchTest
    static final ArchRule a_domain_is_made_of_the_jdk_and_of_what_was_recorded = classes()
            .that()
            .resideInAnyPackage("org.brokerhandoff.router.domain..", "org.brokerhandoff.ingest.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "org.brokerhandoff.event..",
                    "org.brokerhandoff.routing..",
                    "org.brokerhandoff.router.domain..",
                    "org.brokerhandoff.ingest.domain..");

    @ArchTest
    static final ArchRule adapters_of_the_router_do_not_know_each_other = slices().matching(
                    "org.brokerhandoff.router.(http|kafka)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule the_services_do_not_know_each_other = noClasses()
            .that()
            .resideInAPackage("org.brokerhandoff.ingest..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.brokerhandoff.router..", "org.brokerhandoff.registerservice..")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("org.brokerhandoff.audit..");

    @ArchTest
    static final ArchRule the_router_does_not_know_ingest = noClasses()
            .that()
            .resideInAPackage("org.brokerhandoff.router..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.brokerhandoff.ingest..");

    @ArchTest
    static final ArchRule the_router_goes_on_without_the_register = noClasses()
            .that()
            .resideInAPackage("org.brokerhandoff.router..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.brokerhandoff.register..", "org.brokerhandoff.registerservice..");

    @ArchTest
    static final ArchRule the_register_service_takes_of_the_router_what_reaches_brokers_and_of_custody_the_time =
            noClasses()
                    .that()
                    .resideInAPackage("org.brokerhandoff.registerservice..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage("org.brokerhandoff.ingest..", "org.brokerhandoff.router..")
                            .and(not(resideInAnyPackage(
                                    "org.brokerhandoff.router.directory..",
                                    "org.brokerhandoff.router.http..",
                                    "org.brokerhandoff.router.deliver.."))))
                    .orShould()
                    .dependOnClassesThat(resideInAPackage("org.brokerhandoff.custody..")
                            .and(not(resideInAPackage("org.brokerhandoff.custody.time.."))))
                    .because("nothing of a person, and no key, is to be readable in its process");

    @ArchTest
    static final ArchRule notices_are_decided_without_an_edge = noClasses()
            .that()
            .resideInAPackage("org.brokerhandoff.registerservice.notify..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "io.vertx..",
                    "java.sql..",
                    "org.brokerhandoff.register..",
                    "org.brokerhandoff.eventlog..",
                    "org.brokerhandoff.router.http..");

    @ArchTest
    static final ArchRule production_knows_nothing_of_trying_out = noClasses()
            .that(resideInAnyPackage(
                    "org.brokerhandoff.ingest..",
                    "org.brokerhandoff.router..",
                    "org.brokerhandoff.custody..",
                    "org.brokerhandoff.register..",
                    "org.brokerhandoff.registerservice..",
                    "org.brokerhandoff.audit..",
                    "org.brokerhandoff.ledger..",
                    "org.brokerhandoff.ledgerservice..",
                    "org.brokerhandoff.erasure..",
                    "org.brokerhandoff.doctor..",
                    "org.brokerhandoff.client..",
                    "org.brokerhandoff.eventlog.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "org.brokerhandoff.quickstart..",
                    "org.brokerhandoff.sandbox..",
                    "org.brokerhandoff.embeddedkafka..",
                    "org.brokerhandoff.website..",
                    "org.brokerhandoff.bench.."));

    @ArchTest
    static final ArchRule the_client_for_websites_fits_into_any_backend = classes()
            .that()
            .resideInAPackage("org.brokerhandoff.client..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.crypto..",
                    "org.jspecify..",
                    "com.fasterxml.jackson..",
                    "org.brokerhandoff.client..");

    @ArchTest
    static final ArchRule the_website_knows_ingest_by_http_only = noClasses()
            .that()
            .resideInAPackage("org.brokerhandoff.website..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.brokerhandoff..")
                    .and(not(
                            resideInAnyPackage("org.brokerhandoff.website..", "org.brokerhandoff.operations.http.."))));

    @ArchTest
    static final ArchRule a_form_is_read_without_http = noClasses()
            .that()
            .resideInAnyPackage("org.brokerhandoff.website.form..", "org.brokerhandoff.website.page..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "org.slf4j..");

    @ArchTest
    static final ArchRule every_package_is_null_marked_and_says_what_lives_in_it = classes()
            .that(not(resideInAPackage("org.brokerhandoff.event..")))
            .should(new ArchCondition<JavaClass>("live in a @NullMarked package") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    if (type.getPackage()
                            .tryGetAnnotationOfType(NullMarked.class)
                            .isEmpty()) {
                        events.add(SimpleConditionEvent.violated(type, type.getPackageName() + " has no @NullMarked"));
                    }
                }
            });

    @ArchTest
    static final ArchRule no_class_is_a_bag_of_leftovers = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .resideInAnyPackage("..util..", "..common..", "..model..");

    @ArchTest
    static final ArchRule people_and_keys_are_not_kept_in_static_fields = fields().that()
            .haveRawType(PersonalData.class)
            .or()
            .haveRawType(DataKey.class)
            .should()
            .notBeStatic();

    @ArchTest
    static final ArchRule nothing_is_printed_past_the_log_but_by_commands = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Main")
            .and()
            .resideInAnyPackage(
                    "org.brokerhandoff.ingest..",
                    "org.brokerhandoff.router..",
                    "org.brokerhandoff.registerservice..",
                    "org.brokerhandoff.custody..",
                    "org.brokerhandoff.erasure..",
                    "org.brokerhandoff.eventlog..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule no_program_depends_on_the_machines_locale_charset_or_time_zone = noClasses()
            // Written by the schema compiler.
            .that(not(resideInAPackage("org.brokerhandoff.event..")))
            .should()
            .callCodeUnitWhere(new DependsOnTheMachine());
}
