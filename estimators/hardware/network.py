"""Times of collectives on a two-level network: fast links inside a domain, a network between domains.

Alpha-beta times with ring volumes (nccl-tests PERFORMANCE.md). A domain is a node, or a rack of nodes
joined by the fast link. Groups whose members lie apart share the network cards of a domain: each group
gets the part that its own members own. Collective bandwidth between domains falls with a small power of
their number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimators.parameters import Coefficients
from estimators.workloads.work import Array

Column = NDArray[np.float64]
PAIR_RATE_GCD = 0.35
"""Bytes/s out of a GCD pair against the link between its two GCDs (50 to 100 of 200 GB/s on MI250X)."""
PCIE_SHARE = 0.5
"""Cards without direct links send through the host, twice over the same bus."""


@dataclass(frozen=True, slots=True, eq=False)
class Fabric:
    """Columns over systems; index them like `Devices`.

    Attributes:
        domain: Devices joined by the fast link.
        link_rate: Bytes/s of all links of one device, one direction.
        mesh: 1 where the links join pairs directly, without a switch.
        pairs: 1 where the link to one neighbour is much faster than to others (MI250X).
        host: 1 where devices talk through the host's bus.
        network_rate: Bytes/s of the network, one direction, for one device.
    """

    domain: Column
    link_rate: Column
    mesh: Column
    pairs: Column
    host: Column
    network_rate: Column

    def take(self, index: NDArray[np.intp]) -> Fabric:
        """The rows of `index`, in its order."""
        return Fabric(*(getattr(self, name)[index] for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """How a communication group lies on the fabric."""

    size: Column
    local: Column
    domains: Column
    link_rate: Column
    network_rate: Column


def place(size: Array, stride: Array, fabric: Fabric, coefficients: Coefficients) -> Group:
    """Places groups of `size` members, `stride` device numbers apart, on the fabric."""
    size = np.asarray(size, dtype=float)
    local = np.clip(np.floor(fabric.domain / np.asarray(stride, dtype=float)), 1.0, size)
    domains = np.ceil(size / local)
    others = np.maximum(fabric.domain - 1.0, 1.0)
    mesh = np.where(fabric.mesh > 0, np.minimum((local - 1.0) / others, 1.0), 1.0)
    pairs = np.where((fabric.pairs > 0) & (local * np.asarray(stride) > 2.0), PAIR_RATE_GCD, 1.0)
    host = np.where(fabric.host > 0, PCIE_SHARE, 1.0)
    link = fabric.link_rate * np.maximum(mesh, 1e-9) * pairs * host * coefficients.link_share
    reach = coefficients.network_share * np.maximum(domains / 2.0, 1.0) ** -coefficients.network_decay
    return Group(size, local, domains, link, fabric.network_rate * local * reach)


def gather_seconds(gathered_bytes: Array, group: Group, coefficients: Coefficients) -> Column:
    """All-gather or reduce-scatter.

    Args:
        gathered_bytes: Size of the full tensor.

    Inside a domain the ring moves (n−1)/n of the tensor; across domains the slower of the two levels
    decides, since the rings run through both. One member, or nothing to send, needs no time.
    """
    volume = np.asarray(gathered_bytes, dtype=float)
    half = coefficients.message_half
    inside = (volume * (group.local - 1.0) / group.local + half) / group.link_rate
    inside = inside + (group.local - 1.0) * coefficients.latency_node
    across = (volume * (group.domains - 1.0) / group.domains + half) / group.network_rate
    across = across + (group.domains - 1.0) * coefficients.latency_network
    inside = np.where(group.local > 1.0, inside, 0.0)
    across = np.where(group.domains > 1.0, across, 0.0)
    return np.where(volume > 0.0, np.maximum(inside, across), 0.0)


def all_reduce_seconds(tensor_bytes: Array, group: Group, coefficients: Coefficients) -> Column:
    """All-reduce: a reduce-scatter and an all-gather of the same tensor."""
    return 2.0 * gather_seconds(tensor_bytes, group, coefficients)


def all_to_all_seconds(held_bytes: Array, group: Group, coefficients: Coefficients) -> Column:
    """All-to-all: every member sends an equal part of what it holds to every other.

    Args:
        held_bytes: Bytes that one member holds before, and again after.

    Of n members, `local` lie in the own domain: (local − 1)/n of the bytes go over the fast links and
    (n − local)/n over the member's own share of the network, both at once.
    """
    held = np.asarray(held_bytes, dtype=float)
    half = coefficients.message_half
    near = (held * (group.local - 1.0) / group.size + half) / group.link_rate
    near = near + (group.local - 1.0) * coefficients.latency_node
    far = (held * (group.size - group.local) / group.size + half) / (group.network_rate / group.local)
    far = far + (group.domains - 1.0) * coefficients.latency_network
    near = np.where(group.local > 1.0, near, 0.0)
    far = np.where(group.domains > 1.0, far, 0.0)
    return np.where(held > 0.0, np.maximum(near, far), 0.0)


def dispatch_seconds(sent_bytes: Array, copies: Array, group: Group, coefficients: Coefficients) -> Column:
    """Tokens to their experts, or back: an all-to-all that sends each token once to a domain.

    Args:
        sent_bytes: Bytes of all copies of the tokens of one member.
        copies: Experts of one token. Of `domains` domains, d·(1 − (1 − 1/d)^copies) are reached on the
            mean (DeepSeek-V3, arXiv:2412.19437, section 3.2); inside a domain every copy is moved.

    The part for other domains goes over the member's own share of the network.
    """
    sent = np.asarray(sent_bytes, dtype=float)
    half = coefficients.message_half
    near = (sent * (group.local - 1.0) / group.local + half) / group.link_rate
    near = near + (group.local - 1.0) * coefficients.latency_node
    reached = group.domains * (1.0 - (1.0 - 1.0 / group.domains) ** np.maximum(copies, 1.0))
    abroad = reached * (group.domains - 1.0) / group.domains / np.maximum(copies, 1.0)
    far = (sent * abroad + half) / (group.network_rate / group.local)
    far = far + (group.domains - 1.0) * coefficients.latency_network
    near = np.where(group.local > 1.0, near, 0.0)
    far = np.where(group.domains > 1.0, far, 0.0)
    return np.where(sent > 0.0, np.maximum(near, far), 0.0)


def send_seconds(sent_bytes: Array, stride: Array, fabric: Fabric, coefficients: Coefficients) -> Column:
    """A message to the device `stride` numbers away: over the link inside a domain, else the network."""
    near = np.asarray(stride, dtype=float) < fabric.domain
    pair = place(2.0, np.minimum(stride, fabric.domain), fabric, coefficients)
    link = np.where(pair.local > 1.0, pair.link_rate, np.inf)
    rate = np.where(near, link, fabric.network_rate * coefficients.network_share)
    latency = np.where(near, coefficients.latency_node, coefficients.latency_network)
    return np.asarray(np.asarray(sent_bytes) / rate + latency)
