"""Images that are elsewhere, fetched on request alone (`--check-urls`): a few at a time, each once, within limits.

A name is resolved first, every address that it leads to is looked at, and the connection is made to one of these. No cookies,
no credentials and no proxies of the environment are used; redirects are gone through one by one, each looked at anew.
"""

from __future__ import annotations

import asyncio
import importlib.util
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin

import msgspec

from jsonl_lint.addresses import literal_address, refusal
from jsonl_lint.errors import UsageError
from jsonl_lint.images.inspection import inspect_bytes
from jsonl_lint.parts import Fetched
from jsonl_lint.version import __version__

__all__ = ["Limits", "fetch_all", "need_client"]

AT_ONCE = 8
AT_ONCE_FROM_HOST = 2
REDIRECTS = 5
CHUNK = 1 << 16
REDIRECT = frozenset({301, 302, 303, 307, 308})
HEADERS = {"User-Agent": f"jsonl-lint/{__version__}", "Accept": "image/*", "Accept-Encoding": "identity"}


class Limits(msgspec.Struct, frozen=True):
    """How much a fetch may take: bytes, and seconds for all of it; `allow_private` lifts the bound to public addresses."""

    size: int
    seconds: float = 30.0
    allow_private: bool = False


class RefusedError(OSError):
    """A URL that is not fetched; its text says why."""


def need_client() -> None:
    """Raise `UsageError` if the library that fetches is not installed."""
    if importlib.util.find_spec("aiohttp") is None:
        raise UsageError("--check-urls needs the extra: pip install 'jsonl-lint[urls]'", "check_urls")


def fetch_all(urls: Iterable[str], limits: Limits) -> dict[str, Fetched]:
    """What came back from each URL."""
    # In a thread of its own, because the caller's may have an event loop already, as in a notebook.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, fetch_each(list(urls), limits)).result()


async def fetch_each(urls: list[str], limits: Limits) -> dict[str, Fetched]:
    """The same, as a coroutine."""
    import aiohttp

    connector = aiohttp.TCPConnector(resolver=resolver(limits), limit_per_host=AT_ONCE_FROM_HOST, use_dns_cache=False)
    waiting = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=limits.seconds),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        headers=HEADERS,
    ) as session:

        async def fetch_one(url: str) -> Fetched:
            async with waiting:
                return await fetched(session, url, limits)

        found = await asyncio.gather(*map(fetch_one, urls))
    return dict(zip(urls, found, strict=True))


def resolver(limits: Limits) -> Any:
    """Resolves names, and refuses those that lead to an address that is not public."""
    from aiohttp.abc import AbstractResolver, ResolveResult
    from aiohttp.resolver import ThreadedResolver

    class PublicResolver(AbstractResolver):
        """The system's resolver with a look at what it says."""

        def __init__(self) -> None:
            self.system = ThreadedResolver()

        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
        ) -> list[ResolveResult]:
            found = await self.system.resolve(host, port, family)
            for result in found:
                refuse_private(result["host"], limits)
            return found

        async def close(self) -> None:
            await self.system.close()

    return PublicResolver()


def refuse_private(address: str, limits: Limits) -> None:
    """Raise `RefusedError` for an address that must not be connected to."""
    why = None if limits.allow_private else refusal(address)
    if why is not None:
        raise RefusedError(why)


async def fetched(session: Any, url: str, limits: Limits) -> Fetched:
    """What comes back from one URL."""
    import aiohttp

    try:
        data = await body(session, url, limits)
    except asyncio.TimeoutError:
        return Fetched(url, f"no whole answer within {limits.seconds:g} seconds")
    except RefusedError as error:
        return Fetched(url, str(error))
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Fetched(url, reason(error))
    return Fetched(url, picture=inspect_bytes(data))


async def body(session: Any, url: str, limits: Limits) -> bytes:
    """The body that a URL leads to, by a few redirects at most; `RefusedError` if it is none to be had."""
    from yarl import URL

    for _ in range(REDIRECTS + 1):
        target = URL(url)
        if target.scheme not in ("http", "https") or not target.host:
            raise RefusedError(f"it redirects to {url[:80]!r}, which is not http or https")
        literal = literal_address(target.host)
        if literal is not None:
            refuse_private(literal, limits)
        async with session.get(target.with_user(None).with_fragment(None), allow_redirects=False) as answer:
            if answer.status in REDIRECT and "Location" in answer.headers:
                url = urljoin(url, answer.headers["Location"])
                continue
            if answer.status != 200:
                raise RefusedError(f"the server answers {answer.status} {answer.reason or ''}".rstrip())
            return await read(answer, limits)
    raise RefusedError(f"it redirects more than {REDIRECTS} times")


async def read(answer: Any, limits: Limits) -> bytes:
    """The body of an answer; `RefusedError` if it is larger than allowed."""
    parts: list[bytes] = []
    left = limits.size
    async for chunk in answer.content.iter_chunked(CHUNK):
        left -= len(chunk)
        if left < 0:
            raise RefusedError(f"the image has more than {limits.size:,} bytes")
        parts.append(chunk)
    return b"".join(parts)


def reason(error: BaseException) -> str:
    """Why a connection failed, in a few words."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RefusedError):
            return str(cause)
        cause = getattr(cause, "os_error", None) or cause.__cause__ or cause.__context__
    return (str(error) or type(error).__name__)[:160]
