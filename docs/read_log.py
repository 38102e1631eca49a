#!/usr/bin/env python3
"""Decodes records of the event log with nothing but Python's standard library and the released schemas (docs/reading-the-log.md).

usage: kcat -C -b HOST:9092 -t handoffs -e -q -f '%t %p %o %T %S\\n%s\\n' | python3 read_log.py SCHEMAS
SCHEMAS is the folder schemas/src/main/resources/org/brokerhandoff/schemas/released. Prints one JSON object a record.
"""
import base64, datetime, io, json, pathlib, sys, uuid


def number(data):  # zigzag, 7 bits a byte, lowest first
    value, shift, byte = 0, 0, 128
    while byte > 127:
        byte = data.read(1)[0]
        value, shift = value | (byte & 127) << shift, shift + 7
    return value >> 1 ^ -(value & 1)


def moment(milliseconds):
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=milliseconds)
    return at.isoformat(timespec="milliseconds") + "Z"


def named(schema, types):  # a named type is written out where it stands first, and by its name afterwards
    if isinstance(schema, list):
        [named(each, types) for each in schema]
    elif isinstance(schema, dict):
        types.setdefault(schema.get("name", ""), schema)
        [named(field["type"], types) for field in schema.get("fields", [])]
        named(schema.get("items", schema["type"]), types)
    return types


def read(data, schema, types):
    if isinstance(schema, list):
        return read(data, schema[number(data)], types)
    if isinstance(schema, str):
        schema = types.get(schema.rpartition(".")[2], {"type": schema})
    kind, meaning = schema["type"], schema.get("logicalType")
    if kind == "record":
        return {field["name"]: read(data, field["type"], types) for field in schema["fields"]}
    if kind == "array":
        values = []
        while count := number(data):
            if count < 0:  # the block's length in bytes follows
                count = -count + 0 * number(data)
            values += [read(data, schema["items"], types) for _ in range(count)]
        return values
    if kind == "enum":
        return schema["symbols"][number(data)]
    if kind == "fixed":
        raw = data.read(schema["size"])
        return str(uuid.UUID(bytes=raw)) if len(raw) == 16 else raw.hex()
    if kind in ("string", "bytes"):
        raw = data.read(number(data))
        return raw.decode() if kind == "string" else base64.b64encode(raw).decode()
    if kind in ("null", "boolean"):
        return None if kind == "null" else data.read(1) == b"\1"
    if kind not in ("int", "long"):
        return read(data, kind, types)
    value = number(data)
    if meaning == "timestamp-millis":
        return moment(value)
    return moment(value * 86_400_000)[:10] if meaning == "date" else value


if __name__ == "__main__":
    released = {}  # by fingerprint, which stands in the file's name: Delivered.<16 hexadecimal digits>.avsc
    for file in pathlib.Path(sys.argv[1]).glob("*.avsc"):
        schema = json.loads(file.read_text("utf-8"))
        released[file.name.split(".")[1]] = schema, named(schema, {})
    while head := sys.stdin.buffer.readline().split():
        topic, partition, offset, appended, length = head[0].decode(), *map(int, head[1:])
        value = sys.stdin.buffer.read(max(0, length))
        sys.stdin.buffer.readline()
        line = {"topic": topic, "partition": partition, "offset": offset, "appendedAt": moment(appended)}
        fingerprint = value[2:10][::-1].hex()
        if value[:2] != b"\xc3\x01" or fingerprint not in released:
            line["unreadable"] = "not an event of a released schema"
        else:
            schema, types = released[fingerprint]
            line["type"], line["data"] = schema["namespace"] + "." + schema["name"], read(io.BytesIO(value[10:]), schema, types)
        print(json.dumps(line, ensure_ascii=False))
