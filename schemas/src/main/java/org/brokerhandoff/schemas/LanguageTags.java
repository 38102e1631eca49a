package org.brokerhandoff.schemas;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one form of language names for website, policy and broker directory. A tag of BCP 47 is reduced to
 * language, script and region, each of them known, so that no tag can hold free text; variants, extensions and private parts are removed.
 *
 * <p>Of several names of a language one stays: the two-letter code where there is one, {@code he} for {@code iw}, {@code id} for
 * {@code in}, {@code yi} for {@code ji}, {@code jv} for {@code jw}, {@code ro} for {@code mo}, as the IANA registry prefers them,
 * and {@code nb} for {@code no}: the registry has no preference there, and unspecified Norwegian means Bokmål.
 */
public final class LanguageTags {
    private static final Pattern FORM = Pattern.compile("([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|[0-9]{3}))?");
    private static final int MOST_CHARACTERS = 35;
    private static final Map<String, String> PREFERRED =
            Map.of("iw", "he", "in", "id", "ji", "yi", "jw", "jv", "mo", "ro", "no", "nb");
    private static final Map<String, String> SHORTER = shorter();
    /**
     * Of the languages without a two-letter code those that Unicode's CLDR has, those of ISO 639-2 that people speak, and Europe's regional
     * and minority languages. Listed here, like the scripts: an auditor's JDK may know others than the service's.
     */
    private static final Set<String> LONGER = Set.of("""
            ace ach ada ady agq alt anp arn arp asa ast awa bal ban bas bej bem bez bho bik bin bla brx bua bug byn ccp
            ceb cgg chk chm cho chr chy ckb cnr crh csb dak dar dav dgr din dje doi dsb dua dyo dyu ebu efi ewo fan fat
            fil fit fkv fon frp frr frs fur gaa gag gay gil gon gor gsw guz gwi hai haw hil hmn hsb hup iba ibb ilo inh
            jgo jmc kaa kab kac kam kbd kde kea kha khq kkj kln kmb kok kos kpe krc krl kru ksb ksf ksh kum lad lag lah
            lez lij lkt lld lmo loz lrc ltg lua lun luo lus luy mad mag mai mak mas mdf men mer mfe mgh mgo mic min mni
            moh mos mua mus mwl mwr myv mzn nap naq nds new nia niu nmg nnh nog nqo nso nus nyn nyo nzi olo osa pag pam
            pap pau pcd pcm pms pnt pon raj rap rar rmc rme rml rmn rmo rmy rof rom rue rup rwk sah saq sas sat sbp scn
            sco seh sel ses sgs shi shn sid skr sma smj smn sms snk srn srr stq suk sus swb syr szl tem teo tet tig tiv
            tkl tmh tpi tsi tum tvl twq tyv tzm udm umb vai vec vep vls vot vro vun wae wal war xal xog yao yap yav yue
            zap zea zgh zza
            """.trim().split("\\s+"));

    private static final Set<String> SCRIPTS =
            Set.of(("Adlm Arab Armn Beng Bopo Cakm Cans Cher Cyrl Deva Ethi Geor Grek Gujr Guru Hang"
                            + " Hans Hant Hebr Hira Hrkt Java Jpan Kana Khmr Knda Kore Laoo Latn Mlym Mong Mtei Mymr Nkoo Olck Orya Rohg Sinh"
                            + " Syrc Taml Telu Tfng Thaa Thai Tibt Vaii Yiii")
                    .split(" "));
    private static final Set<String> LANGUAGES = languages();
    private static final Set<String> REGIONS = regions();

    private LanguageTags() {}

    /** The form of {@code tag}; empty if it is not a well-formed tag of at most 35 characters or names no known language. */
    public static Optional<String> canonical(String tag) {
        if (tag.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        try {
            Locale locale = new Locale.Builder().setLanguageTag(tag).build();
            String language = preferred(locale.getLanguage());
            if (!LANGUAGES.contains(language)) {
                return Optional.empty();
            }
            return Optional.of(language
                    + (SCRIPTS.contains(locale.getScript()) ? "-" + locale.getScript() : "")
                    + (REGIONS.contains(locale.getCountry()) ? "-" + locale.getCountry() : ""));
        } catch (IllformedLocaleException e) {
            // Its message quotes the tag.
            return Optional.empty();
        }
    }

    /** Whether {@code tag} is of the reduced form, with known parts; an older name of a language is one, too. */
    public static boolean reduced(String tag) {
        Matcher parts = FORM.matcher(tag);
        return parts.matches()
                && LANGUAGES.contains(preferred(parts.group(1)))
                && (parts.group(2) == null || SCRIPTS.contains(parts.group(2)))
                && (parts.group(3) == null || REGIONS.contains(parts.group(3)));
    }

    /** The language of a tag, by its one name, for matching people and brokers. */
    public static String language(String tag) {
        int hyphen = tag.indexOf('-');
        // BCP 47 tags are compared without regard to case.
        return preferred((hyphen < 0 ? tag : tag.substring(0, hyphen)).toLowerCase(Locale.ROOT));
    }

    /** Whether two tags are the same in the one form. */
    public static boolean same(String tag, String other) {
        Optional<String> form = canonical(tag);
        return tag.equalsIgnoreCase(other) || (form.isPresent() && form.equals(canonical(other)));
    }

    private static String preferred(String language) {
        String shorter = SHORTER.getOrDefault(language, language);
        return PREFERRED.getOrDefault(shorter, shorter);
    }

    /** Two-letter codes by their three-letter ones. */
    private static Map<String, String> shorter() {
        Map<String, String> shorter = new HashMap<>();
        for (String code : Locale.getISOLanguages()) {
            try {
                shorter.put(new Locale.Builder().setLanguage(code).build().getISO3Language(), code);
            } catch (MissingResourceException e) {
                // It has none.
                shorter.remove(code);
            }
        }
        return Map.copyOf(shorter);
    }

    private static Set<String> languages() {
        Set<String> languages = new HashSet<>(Arrays.asList(Locale.getISOLanguages()));
        PREFERRED.keySet().forEach(languages::remove);
        languages.addAll(PREFERRED.values());
        languages.addAll(LONGER);
        return Set.copyOf(languages);
    }

    /** ISO 3166-1, and of the numbers of UN M.49 those that languages are named by: the world, Europe, Latin America. */
    private static Set<String> regions() {
        Set<String> regions = new HashSet<>(Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2));
        regions.addAll(Set.of("001", "150", "419"));
        return Set.copyOf(regions);
    }
}
