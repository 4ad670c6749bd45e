# score: 10
import ipaddress


def networks_of(text):
    first, dash, last = text.partition("-")
    if not dash:
        return [ipaddress.ip_network(text.strip(), strict=False)]
    ends = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
    if ends[0].version != ends[1].version:
        raise ValueError(f"a range of two versions: {text!r}")
    return ipaddress.summarize_address_range(*ends)


def collapsed(networks):
    networks = list(networks)
    return [
        network
        for version in (4, 6)
        for network in ipaddress.collapse_addresses(item for item in networks if item.version == version)
    ]


def without(network, hole):
    if network.version != hole.version or not network.overlaps(hole):
        return [network]
    return [] if network.subnet_of(hole) else network.address_exclude(hole)


def allowed_networks(allow, deny):
    left = collapsed(network for text in allow for network in networks_of(text))
    for hole in collapsed(network for text in deny for network in networks_of(text)):
        left = [part for network in left for part in without(network, hole)]
    return [str(network) for network in collapsed(left)]
