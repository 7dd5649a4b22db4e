"""Clients over HTTP: requests prepared beforehand, keep-alive connections, little work beside the server."""

import multiprocessing as mp
import secrets
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any

CLIENTS, PROCESSES = 16, 2
WAIT = 60.0  # seconds for all clients to be ready
CSRF = secrets.token_hex(16)


@dataclass(frozen=True)
class Answers:
    pairs: list[tuple[int, float]]  # status, seconds
    wall: float

    def count(self, status: int) -> int:
        return sum(one == status for one, _ in self.pairs)

    @property
    def seconds(self) -> list[float]:
        return [seconds for _, seconds in self.pairs]

    @property
    def statuses(self) -> set[int]:
        return {status for status, _ in self.pairs}


def post(port: int, path: str, session: str) -> bytes:
    """A form with its idempotency key, as the page sends it."""
    body = f"csrfmiddlewaretoken={CSRF}&key={secrets.token_hex(16)}"
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: sessionid={session}; csrftoken={CSRF}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def run(port: int, requests: list[bytes]) -> Answers:
    """Send all requests from all clients."""
    context = mp.get_context("fork")
    results: mp.Queue[list[tuple[int, float]]] = context.Queue()
    start = context.Barrier(CLIENTS + 1)
    clients = [
        context.Process(target=_drive, args=(port, requests[number::PROCESSES], results, start), daemon=True)
        for number in range(PROCESSES)
    ]
    for one in clients:
        one.start()
    start.wait(WAIT)
    begun = time.perf_counter()
    pairs = [pair for _ in clients for pair in results.get()]
    wall = time.perf_counter() - begun
    for one in clients:
        one.join()
    return Answers(pairs, wall)


def _drive(port: int, requests: list[bytes], results: "mp.Queue[list[tuple[int, float]]]", start: Any) -> None:
    """One client process: its share of the clients, each with a list of requests of its own."""
    found: list[tuple[int, float]] = []

    def client(mine: list[bytes]) -> None:
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        start.wait(WAIT)
        for one in mine:
            begun = time.perf_counter()
            connection.sendall(one)
            status = _answer(connection)
            found.append((status, time.perf_counter() - begun))

    in_threads(CLIENTS // PROCESSES, requests, client)
    results.put(found)


def in_threads(count: int, work: list[Any], do: Any) -> None:
    """Share the work out among threads."""
    threads = [threading.Thread(target=do, args=(work[number::count],)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _answer(connection: socket.socket) -> int:
    """Read one whole answer; its status, 0 when there was none."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return 0
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    missing = length - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536)) or missing
    return int(head[9:12])
