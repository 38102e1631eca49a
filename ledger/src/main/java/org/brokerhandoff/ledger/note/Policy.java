package org.brokerhandoff.ledger.note;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which logs and witnesses are trusted, and how many of the witnesses must have cosigned: a {@code tlog-policy} file. A witness listed by its
 * type 01 key is read as the same key with the id of type 04, as deployed policies do.
 */
public final class Policy {
    /** Name of the group, or of the one witness, that cosigns only what it has recomputed from the events. */
    public static final String RECOMPUTING = "recomputing";

    private final List<VerifierKey> logs = new ArrayList<>();
    private final Map<String, VerifierKey> witnesses = new LinkedHashMap<>();
    private final Map<String, String> witnessUrls = new LinkedHashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private Optional<String> quorum = Optional.empty();

    private record Group(int threshold, List<String> members) {}

    private Policy() {}

    /**
     * Parses a policy file.
     *
     * @throws MalformedNote for the first line that violates a rule, with its number
     */
    public static Policy parse(String text) throws MalformedNote {
        Policy policy = new Policy();
        boolean quorumSeen = false;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
                throw at(number, "control characters other than tab are not allowed");
            }
            List<String> words = Arrays.stream(line.split("[ \t]+"))
                    .filter(word -> !word.isEmpty())
                    .toList();
            if (words.isEmpty() || words.get(0).startsWith("#")) {
                continue;
            }
            switch (words.get(0)) {
                case "log" -> policy.log(number, words);
                case "witness" -> policy.witness(number, words);
                case "group" -> policy.group(number, words);
                case "quorum" -> {
                    if (quorumSeen) {
                        throw at(number, "a policy has one quorum line");
                    }
                    quorumSeen = true;
                    policy.quorum(number, words);
                }
                default -> throw at(number, "a line starts with log, witness, group or quorum");
            }
        }
        if (!quorumSeen) {
            throw new MalformedNote("a policy has a quorum line");
        }
        return policy;
    }

    /** Trusts these logs and requires no witness. */
    public static Policy ofLogs(List<VerifierKey> logs) {
        Policy policy = new Policy();
        policy.logs.addAll(logs);
        return policy;
    }

    private static MalformedNote at(int number, String rule) {
        return new MalformedNote("line " + number + ": " + rule);
    }

    private static VerifierKey key(int number, String vkey) throws MalformedNote {
        try {
            return VerifierKey.parse(vkey);
        } catch (MalformedNote e) {
            throw at(number, String.valueOf(e.getMessage()));
        }
    }

    private void log(int number, List<String> words) throws MalformedNote {
        if (words.size() < 2 || words.size() > 3) {
            throw at(number, "log <vkey> [<url>]");
        }
        VerifierKey key = key(number, words.get(1));
        if (key.type() != KeyType.ED25519) {
            throw at(number, "a log signs with a key of type 01");
        }
        if (logs.stream().anyMatch(other -> Arrays.equals(other.publicKey(), key.publicKey()))) {
            throw at(number, "this log's public key is listed already");
        }
        logs.add(key);
    }

    private void witness(int number, List<String> words) throws MalformedNote {
        if (words.size() < 3 || words.size() > 4) {
            throw at(number, "witness <name> <vkey> [<url>]");
        }
        newName(number, words.get(1));
        VerifierKey parsed = key(number, words.get(2));
        VerifierKey key = parsed.type() == KeyType.ED25519 ? parsed.as(KeyType.COSIGNATURE_ED25519) : parsed;
        if (witnesses.values().stream().anyMatch(other -> Arrays.equals(other.publicKey(), key.publicKey()))) {
            throw at(number, "this witness's public key is listed already");
        }
        witnesses.put(words.get(1), key);
        if (words.size() == 4) {
            witnessUrls.put(words.get(1), words.get(3));
        }
    }

    private void group(int number, List<String> words) throws MalformedNote {
        if (words.size() < 4) {
            throw at(number, "group <name> all|any|<k> <name>...");
        }
        newName(number, words.get(1));
        List<String> members = words.subList(3, words.size());
        Set<String> grouped = new HashSet<>();
        groups.values().forEach(group -> grouped.addAll(group.members()));
        for (String member : members) {
            if (!defined(member)) {
                throw at(number, "a member of a group is a witness or group of an earlier line");
            }
            if (!grouped.add(member)) {
                throw at(number, "a name is a member of one group at most, and once");
            }
        }
        int threshold = switch (words.get(2)) {
            case "all" -> members.size();
            case "any" -> 1;
            default -> words.get(2).matches("[1-9][0-9]{0,3}") ? Integer.parseInt(words.get(2)) : 0;
        };
        if (threshold < 1 || threshold > members.size()) {
            throw at(number, "a group's threshold is all, any, or a number from 1 to that of its members");
        }
        groups.put(words.get(1), new Group(threshold, List.copyOf(members)));
    }

    private void quorum(int number, List<String> words) throws MalformedNote {
        if (words.size() != 2 || !(words.get(1).equals("none") || defined(words.get(1)))) {
            throw at(number, "quorum <name>, of a witness or group of an earlier line, or none");
        }
        quorum = words.get(1).equals("none") ? Optional.empty() : Optional.of(words.get(1));
    }

    private boolean defined(String name) {
        return witnesses.containsKey(name) || groups.containsKey(name);
    }

    private void newName(int number, String name) throws MalformedNote {
        if (name.equals("none") || defined(name)) {
            throw at(number, "a name is defined once, and the name none is reserved");
        }
    }

    /** The logs' keys, in the order of the file. */
    public List<VerifierKey> logs() {
        return List.copyOf(logs);
    }

    /** The witnesses' keys by their names in this policy. */
    public Map<String, VerifierKey> witnesses() {
        return Map.copyOf(witnesses);
    }

    /** The URLs of those witnesses that have one, by their names in this policy; their use is defined elsewhere. */
    public Map<String, String> witnessUrls() {
        return Map.copyOf(witnessUrls);
    }

    /** Name of the witness that cosigned {@code text}; empty if none of this policy did, or this JVM cannot verify it. */
    public Optional<String> cosigner(String text, NoteSignature signature) {
        return witnesses.entrySet().stream()
                .filter(witness -> witness.getValue().claimedBy(signature)
                        && Signatures.verify(witness.getValue(), text, signature.signature())
                                == Signatures.Outcome.VALID)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The verdict of this policy on {@code note}. */
    public Judgement judge(SignedNote note) {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.parse(note.text());
        } catch (MalformedNote e) {
            return new Judgement.Rejected(String.valueOf(e.getMessage()));
        }
        boolean logSigned = false;
        Map<String, Instant> cosigned = new TreeMap<>();
        Set<String> undecided = new HashSet<>();
        for (NoteSignature signature : note.signatures()) {
            for (VerifierKey log : logs) {
                if (log.name().equals(checkpoint.origin()) && log.claimedBy(signature)) {
                    if (Signatures.verify(log, note.text(), signature.signature()) != Signatures.Outcome.VALID) {
                        return new Judgement.Rejected("the signature by the log's key " + signature + " is wrong");
                    }
                    logSigned = true;
                }
            }
            for (Map.Entry<String, VerifierKey> witness : witnesses.entrySet()) {
                if (!witness.getValue().claimedBy(signature)) {
                    continue;
                }
                switch (Signatures.verify(witness.getValue(), note.text(), signature.signature())) {
                    case VALID ->
                        cosigned.merge(
                                witness.getKey(),
                                Instant.ofEpochSecond(Signatures.seconds(signature.signature())),
                                (first, second) -> first.isBefore(second) ? first : second);
                    case INVALID -> {
                        return new Judgement.Rejected(
                                "the cosignature by the witness's key " + signature + " is wrong");
                    }
                    case UNSUPPORTED -> undecided.add(witness.getKey());
                }
            }
        }
        if (!logSigned) {
            return new Judgement.Rejected(
                    "no log of the policy signed this checkpoint of origin " + checkpoint.origin());
        }
        return witnessed(checkpoint, cosigned, undecided);
    }

    private Judgement witnessed(Checkpoint checkpoint, Map<String, Instant> cosigned, Set<String> undecided) {
        if (quorum.isEmpty()) {
            return new Judgement.Accepted(checkpoint, Judgement.Level.SIGNED, cosigned);
        }
        if (met(quorum.get(), cosigned.keySet())) {
            return new Judgement.Accepted(
                    checkpoint,
                    defined(RECOMPUTING) && met(RECOMPUTING, cosigned.keySet())
                            ? Judgement.Level.RECOMPUTED
                            : Judgement.Level.WITNESSED,
                    cosigned);
        }
        Set<String> hoped = new HashSet<>(cosigned.keySet());
        hoped.addAll(undecided);
        return met(quorum.get(), hoped)
                ? new Judgement.Undecided("the quorum needs an ML-DSA cosignature, which this JVM cannot verify")
                : new Judgement.Rejected(
                        "the quorum " + quorum.get() + " is not met: cosigned by " + cosigned.keySet());
    }

    private boolean met(String name, Set<String> cosigned) {
        Group group = groups.get(name);
        return group == null
                ? cosigned.contains(name)
                : group.members().stream()
                                .filter(member -> met(member, cosigned))
                                .count()
                        >= group.threshold();
    }
}
