"""Prints what a program of others finds in an archive, as JSON: the number of events, the SHA-256 of what they say, and how many
each filter finds. Usage: read-archive.py PROGRAM ARCHIVES STREAM EVENT_ID TRACE USER; the program `export` reads NDJSON of the API
from the file ARCHIVES."""

import hashlib
import json
import sys

PLAIN = ["timestamp", "level", "service", "message", "user_id", "status"]


def digest(events):
    """Whatever their order: `events` are tuples of an id, the plain columns, a trace and attributes."""
    lines = sorted(json.dumps(event, sort_keys=True) for event in events)
    return {"events": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}


def event_of(row):
    """From the columns of an archive: block, row, the plain ones, trace_id, attributes (their values are JSON)."""
    block, number, *plain, trace, attributes = row
    pairs = dict((one["key"], one["value"]) if isinstance(one, dict) else one for one in as_pairs(attributes))
    return [f"{bytes(block).hex()}-{number}", *plain, bytes(trace).hex(), {k: json.loads(v) for k, v in pairs.items()}]


def as_pairs(attributes):
    return attributes.items() if isinstance(attributes, dict) else attributes


def nanoseconds(text):
    """`2025-06-01T08:00:00.123456789Z` as nanoseconds since the epoch."""
    from datetime import datetime, timezone

    whole, fraction = text.rstrip("Z").split(".")
    seconds = datetime.fromisoformat(whole).replace(tzinfo=timezone.utc).timestamp()
    return int(seconds) * 10**9 + int(fraction)


def read_export(path):
    with open(path, encoding="utf-8") as lines:
        for one in map(json.loads, lines):
            yield [
                one["event_id"],
                nanoseconds(one["timestamp"]),
                *[one.get(name, 0 if name == "status" else "") for name in PLAIN[1:]],
                one["trace_id"],
                one.get("attributes", {}),
            ]


def with_duckdb(place, stream, wanted):
    import duckdb

    events = f"FROM read_parquet('{place}/**/*.parquet', hive_partitioning = true) WHERE stream = $stream AND year = 2025"
    columns = ", ".join(["epoch_ns(timestamp)", *PLAIN[1:]])
    rows = duckdb.execute(f"SELECT block, row, {columns}, trace_id, attributes {events}", {"stream": stream}).fetchall()
    found = [
        duckdb.execute(f"SELECT count(*) {events} AND {test}", {"stream": stream, **values}).fetchone()[0]
        for test, values in [
            ("block = unhex($block) AND row = $row", {"block": wanted.block, "row": wanted.row}),
            ("trace_id = unhex($trace)", {"trace": wanted.trace}),
            ("user_id = $user", {"user": wanted.user}),
        ]
    ]
    return rows, found


def with_polars(place, stream, wanted):
    import polars as pl

    events = pl.scan_parquet(f"{place}/**/*.parquet", hive_partitioning=True).filter(
        (pl.col("stream") == stream) & (pl.col("year") == 2025)
    )
    rows = events.select("block", "row", pl.col("timestamp").dt.epoch("ns"), *PLAIN[1:], "trace_id", "attributes")
    tests = [
        (pl.col("block") == bytes.fromhex(wanted.block)) & (pl.col("row") == wanted.row),
        pl.col("trace_id") == bytes.fromhex(wanted.trace),
        pl.col("user_id") == wanted.user,
    ]
    found = [events.filter(test).select(pl.len()).collect().item() for test in tests]
    return rows.collect().rows(), found


def with_spark(place, stream, wanted):
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "1g")
        .config("spark.sql.legacy.parquet.nanosAsLong", "true")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    archive = spark.read.option("basePath", place).parquet(place)
    events = archive.where((archive.stream == stream) & (archive.year == 2025))
    rows = events.select("block", "row", *PLAIN, "trace_id", "attributes").collect()
    tests = [
        (events.block == bytearray.fromhex(wanted.block)) & (events.row == wanted.row),
        events.trace_id == bytearray.fromhex(wanted.trace),
        events.user_id == wanted.user,
    ]
    found = [events.where(test).count() for test in tests]
    spark.stop()
    return rows, found


class Wanted:
    def __init__(self, event_id, trace, user):
        self.block, row = event_id.split("-")
        self.row, self.trace, self.user = int(row), trace, user


def main(program, place, stream, event_id, trace, user):
    if program == "export":
        return digest(read_export(place))
    programs = {"duckdb": with_duckdb, "polars": with_polars, "spark": with_spark}
    rows, found = programs[program](place, stream, Wanted(event_id, trace, user))
    return {**digest(map(event_of, rows)), "found": found}


print(json.dumps(main(*sys.argv[1:])))
