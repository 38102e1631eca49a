#!/usr/bin/env python3
"""Checks an evidence bundle against a log's public key, offline: check_evidence.py BUNDLE VKEY

An implementation of its own, beside the Java one, from docs/transparency.md alone. Needs the package cryptography.
It trusts the log's signature and no witness. Exit codes: 0 holds, 1 does not hold, 2 could not run.
"""
import base64, hashlib, re, struct, sys

try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError as missing:
    sys.exit(print(missing, file=sys.stderr) or 2)

ZERO = bytes(32)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(data):
    return sha(b"\x00", data)


def require(condition, reason):
    if not condition:
        raise ValueError(reason)


def b64(text):
    value = base64.b64decode(text, validate=True)
    require(base64.b64encode(value).decode() == text, "base64 that is not canonical")
    return value


def inclusion_root(index, size, hash_, proof):
    """The root that an audit path leads to (RFC 6962 section 2.1.1)."""
    require(0 <= index < size, "a leaf outside its tree")
    last = size - 1
    for sibling in proof:
        require(last > 0, "an audit path is too long")
        if index % 2 == 1 or index == last:
            hash_ = sha(b"\x01", sibling, hash_)
            while index % 2 == 0:
                index, last = index // 2, last // 2
        else:
            hash_ = sha(b"\x01", hash_, sibling)
        index, last = index // 2, last // 2
    require(last == 0, "an audit path is too short")
    return hash_


def murmur2(data):
    m, h = 0x5BD1E995, (0x9747B28C ^ len(data)) & 0xFFFFFFFF
    for (k,) in struct.iter_unpack("<I", data[: len(data) // 4 * 4]):
        k = k * m & 0xFFFFFFFF
        k ^= k >> 24
        h = (h * m & 0xFFFFFFFF) ^ (k * m & 0xFFFFFFFF)
    tail = data[len(data) // 4 * 4:]
    if tail:
        h = (h ^ int.from_bytes(tail, "little")) * m & 0xFFFFFFFF
    h = (h ^ h >> 13) * m & 0xFFFFFFFF
    return h ^ h >> 15


def checkpoint(note, vkey):
    """Origin, size and root of a note that the key has signed."""
    name, key_id, key = vkey.split("+", 2)
    key = b64(key)
    require(key[0] == 1 and sha(name.encode(), b"\n", key)[:4].hex() == key_id, "not the vkey of a log")
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        signature = b64(signature)
        if dash == "\u2014" and signer == name and signature[:4].hex() == key_id:
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], text.encode())
            origin, size, root = text.split("\n")[:3]
            require(origin == name and text.count("\n") == 3, "not a checkpoint of this log")
            return origin, int(size), b64(root)
    raise ValueError("the log has not signed this checkpoint")


def decode_leaf(leaf):
    """Topic, partition, offset and key of a record's leaf."""
    require(leaf[0] == 1, "not a record")
    topic, at = leaf[2:2 + leaf[1]].decode(), 2 + leaf[1]
    partition, offset, _, key = struct.unpack_from(">IQqi", leaf, at)
    return topic, partition, offset, leaf[at + 24:at + 24 + key] if key >= 0 else None


def blocks(text):
    """The bundle's blocks: words of the first line, values of named lines, and hashes, each in order."""
    for block in text.split("\n\n"):
        lines = block.split("\n")
        named = dict(line.split(" ", 1) for line in lines[1:] if re.match("(leaf|text|end|partition|present) ", line))
        hashes = [ZERO if line == "-" else b64(line)
                  for line in lines[1:] if re.fullmatch("[A-Za-z0-9+/]{43}=|-", line)]
        yield lines[0].split(" "), lines, named, hashes


def check(bundle, vkey):
    text, note = bundle.decode().split("\n\ncheckpoint\n", 1)
    require(text.startswith("handoff-evidence/v1\n"), "not a bundle of this version")
    origin, size, root = checkpoint(note, vkey)
    head, *rest = blocks(text)
    key = bytes.fromhex(head[1][1].split(" ")[1])
    partition, claimed = int(head[2]["partition"]), int(head[2].get("present", 0))

    entries, topics, count = {}, {}, 0
    for words, _, named, proof in (b for b in rest if b[0][0] == "entry"):
        entry, number = b64(named["text"]), int(words[1])
        require(inclusion_root(number, size, leaf_hash(entry), proof) == root, f"entry {number} is not in the tree")
        entries[number] = [line.split(" ") for line in entry.decode().splitlines()]
        require(["number", str(number)] == entries[number][1], "an entry of another number")
        topics.update({line[1]: line[3] == "indexed" for line in entries[number] if line[0] == "topic"})
    first = {line[0]: line[1] for line in entries[0] if len(line) > 1}
    require(first["ledger"] == origin, "an entry 0 of another ledger")
    require(len(key) != 16 or (murmur2(key) & 0x7FFFFFFF) % int(first["partitions"]) == partition, "another partition")

    chain, last = ZERO, (-1, -1, -1)
    for words, _, named, proof in (b for b in rest if b[0][0] in ("event", "context")):
        leaf, event = b64(named["leaf"]), words[0] == "event"
        topic, at, offset, leaf_key = decode_leaf(leaf)
        require(words[1] == topic and int(words[-2]) == offset, "a leaf of another place")
        start, length, segment = next(
            (int(line[3]), int(line[4]), b64(line[5])) for line in entries[int(words[-1])]
            if line[:3] == ["segment", topic, str(at)] and int(line[3]) <= offset < int(line[3]) + int(line[4]))
        require(inclusion_root(offset - start, length, leaf_hash(leaf), proof) == segment, "a leaf not in its segment")
        if event:
            require(leaf_key == key and at == partition and topics[topic], "an event of another key")
            place = (int(words[-1]), list(topics).index(topic), offset)
            require(place > last, "events out of order")
            chain, last, count = sha(b"\x02", chain, leaf_hash(leaf)), place, count + 1
    require(count == claimed, "another number of events than claimed")

    (words, lines, named, _), = (b for b in rest if b[0][0] == "index")
    end = next(i for i, line in enumerate(lines) if line.startswith("end "))
    hashes = [[ZERO if line == "-" else b64(line) for line in part] for part in (lines[1:end], lines[end + 1:])]
    indexes = b64(entries[size - 1][-1][1])
    require(int(words[1]) == partition, "an index of another partition")
    require(inclusion_root(partition, int(first["partitions"]), leaf_hash(lines[0].encode()), hashes[0]) == indexes,
            "an index line of another entry")
    path, siblings = sha(key), hashes[1]
    bit = lambda value, i: value[i // 8] >> (7 - i % 8) & 1
    kind, *other = named["end"].split(" ")
    require((kind == "key") == (count > 0), "an end that contradicts the claim")
    node = ZERO
    if kind == "key":
        node = sha(b"\x03", path, struct.pack(">Q", count), chain)
    elif kind == "other":
        found = b64(other[0])
        require(found != path and all(bit(found, i) == bit(path, i) for i in range(len(siblings))), "another key's place")
        node = sha(b"\x03", found, struct.pack(">Q", int(other[1])), b64(other[2]))
    for depth, sibling in zip(range(len(siblings) - 1, -1, -1), siblings):
        node = sha(b"\x04", sibling, node) if bit(path, depth) else sha(b"\x04", node, sibling)
    require(node == b64(words[3]), "the index does not commit to these events and no others")
    return count, size


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(print(__doc__, file=sys.stderr) or 2)
    try:
        print("holds: %d events, complete as of ledger size %d (signed by the log; NOT WITNESSED)"
              % check(open(sys.argv[1], "rb").read(), sys.argv[2]))
    except OSError as error:
        sys.exit(print(error, file=sys.stderr) or 2)
    except Exception as error:
        sys.exit(print(f"does not hold: {error or type(error).__name__}", file=sys.stderr) or 1)
