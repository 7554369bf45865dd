"""What a function does in a process of its own, in bounded memory and time.

The process is a fork of this one, which has imported everything and computed nothing: a fork of
TensorFlow's threads would wait for ever.
"""

import dataclasses
import json
import os
import resource
import signal
import sys
import time

MEMORY = 2**31  # bytes of addresses beyond those of the imports
SECONDS = 30


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a process ended.

    Args:
        kind: "refused", "loaded", or what else became of it.
        said: The message of a refusal, or what the function returned.
        seconds: How long it took.
        megabytes: The most memory that it held, beyond what it began with.
    """

    kind: str
    said: object
    seconds: float
    megabytes: float


def outcome(function, memory: int | None = MEMORY, seconds: int = SECONDS) -> Outcome:
    """Runs a function that returns what JSON has."""
    begin, (reader, writer) = time.monotonic(), os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os.close(reader)
        _in_child(function, writer, memory, seconds)
    os.close(writer)
    with open(reader, "rb") as file:
        content = file.read()
    status = os.waitpid(child, 0)[1]
    took = time.monotonic() - begin
    if not content:
        name = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "no answer"
        return Outcome(name, None, took, 0.0)
    found = json.loads(content)
    return Outcome(found["kind"], found["said"], took, found["megabytes"])


def _in_child(function, writer: int, memory: int | None, seconds: int) -> None:
    signal.alarm(seconds)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    if memory is not None:
        with open("/proc/self/statm") as file:
            most = int(file.read().split()[0]) * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        found = {"kind": "loaded", "said": function()}
    except ValueError as error:
        found = {"kind": "refused", "said": str(error)}
    except BaseException as error:
        found = {"kind": type(error).__name__, "said": str(error)[:500]}
    held = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    os.write(writer, json.dumps({**found, "megabytes": held}).encode()[:60_000])
    os._exit(0)
