"""Which addresses may be connected to: those of the public internet, whatever name or spelling leads to them."""

from __future__ import annotations

import ipaddress

__all__ = ["literal_address", "refusal"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6052: an IPv4 address stands in the last four bytes.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def refusal(address: str) -> str | None:
    """Why an address is not connected to; None if it is public."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return f"{address} is no address"
    if any(not is_public(inner) for inner in (parsed, *embedded(parsed))):
        return f"{address} is no public address; --allow-private allows it"
    return None


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, and of one machine."""
    return address.is_global and not address.is_multicast


def embedded(address: Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        found.append(ipaddress.IPv4Address(address.packed[-4:]))
    return [inner for inner in found if inner is not None]


def literal_address(host: str) -> str | None:
    """The address that a host is written as; None for a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return None
