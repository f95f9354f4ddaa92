"""A light HTTP client on loopback: keep-alive connections driven flat out, bounded in time and in number.

One loop over raw sockets, because it runs on the cores of the server that it measures.
"""

import gc
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

#: Seconds after which a request counts as lost.
PATIENCE = 30.0
_RECEIVE = 1 << 18


class Visitor(Protocol):
    """One connection's user: says what to ask next, and looks at what came."""

    def ask(self) -> bytes: ...

    def answered(self, status: int, body: bytes) -> bool:
        """Whether this was the answer that was hoped for."""


@dataclass
class Reader:
    """Asks for one page again and again."""

    asking: bytes

    def ask(self) -> bytes:
        return self.asking

    def answered(self, status: int, body: bytes) -> bool:  # noqa: ARG002 - others look into it
        return status == 200


@dataclass
class Outcome:
    """What a stretch of load brought."""

    seconds: float = 0.0
    processor: float = 0.0  #: seconds of processor time that the server took meanwhile
    latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Good answers in a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def cost(self) -> float:
        """Processor time that the server took for each good answer, in milliseconds."""
        return self.processor / len(self.latencies) * 1000 if self.latencies else 0.0

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that this share of answers stays under."""
        ranked = sorted(self.latencies)
        return ranked[min(len(ranked) - 1, int(len(ranked) * share))] * 1000 if ranked else 0.0


def request(
    path: str, port: int, headers: Sequence[tuple[str, str]] = (), body: bytes | None = None
) -> bytes:
    """A request's bytes, as a browser on this machine would send them."""
    method = "GET" if body is None else "POST"
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    if body is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


class _Connection:
    def __init__(self, port: int, visitor: Visitor):
        self.port, self.visitor = port, visitor
        self.socket: socket.socket | None = None
        self.received = bytearray()
        self.needed = -1
        self.asked_at = 0.0

    def ask(self, selector: selectors.BaseSelector) -> None:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(self.socket, selectors.EVENT_READ, self)
        self.received.clear()
        self.needed = -1
        self.asked_at = time.perf_counter()
        self.socket.sendall(self.visitor.ask())

    def receive(self) -> bool:
        """Take what came; whether the answer is whole. Raises ConnectionError when it was cut."""
        assert self.socket is not None
        came = self.socket.recv(_RECEIVE)
        if not came:
            raise ConnectionError("cut")
        self.received += came
        if self.needed < 0:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.needed = end + 4 + _length(bytes(self.received[:end]))
        return len(self.received) >= self.needed

    def taken(self) -> bool:
        """Hand the whole answer to the visitor."""
        whole = bytes(self.received)
        head, _, body = whole.partition(b"\r\n\r\n")
        return self.visitor.answered(int(head[9:12]), body)

    def close(self, selector: selectors.BaseSelector) -> None:
        if self.socket is not None:
            selector.unregister(self.socket)
            self.socket.close()
            self.socket = None


def _length(head: bytes) -> int:
    place = head.lower().find(b"content-length:")
    if place < 0:
        return 0
    return int(head[place + 15 :].split(b"\r\n", 1)[0])


def drive(
    port: int,
    visitors: Sequence[Visitor],
    seconds: float,
    at_most: int = 1_000_000,
    stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Let visitors ask again and again, each on its own connection, until the time or the number is reached."""
    outcome = Outcome()
    gc.collect()
    gc.disable()
    try:
        with selectors.DefaultSelector() as selector:
            _drive(
                selector,
                [_Connection(port, visitor) for visitor in visitors],
                outcome,
                seconds,
                at_most,
                stop,
            )
    finally:
        gc.enable()
    return outcome


def _drive(
    selector: selectors.BaseSelector,
    connections: list[_Connection],
    outcome: Outcome,
    seconds: float,
    at_most: int,
    stop: Callable[[], bool],
) -> None:
    began = time.perf_counter()
    for connection in connections:
        connection.ask(selector)
    asking = True
    while selector.get_map():
        now = time.perf_counter()
        asking = asking and now - began < seconds and len(outcome.latencies) < at_most and not stop()
        for key, _ in selector.select(timeout=0.2):
            _go_on(selector, key.data, outcome, asking=asking)
        for key in list(selector.get_map().values()):
            if now - key.data.asked_at > PATIENCE:
                outcome.errors.append("no answer")
                key.data.close(selector)
    outcome.seconds = time.perf_counter() - began


def _go_on(
    selector: selectors.BaseSelector, connection: _Connection, outcome: Outcome, *, asking: bool
) -> None:
    try:
        if not connection.receive():
            return
    except OSError as failure:
        outcome.errors.append(type(failure).__name__)
        connection.close(selector)
        if asking:
            connection.ask(selector)
        return
    took = time.perf_counter() - connection.asked_at
    if connection.taken():
        outcome.latencies.append(took)
    else:
        outcome.errors.append(bytes(connection.received[9:12]).decode(errors="replace"))
    if b"connection: close" in bytes(connection.received[:600]).lower():
        connection.close(selector)
    if asking:
        connection.ask(selector)
    else:
        connection.close(selector)
