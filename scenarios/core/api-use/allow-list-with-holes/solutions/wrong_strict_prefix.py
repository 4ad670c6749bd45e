# score: 9.5 - host bits are refused
import ipaddress


def networks_of(text):
    first, dash, last = text.strip().partition("-")
    if not dash:
        return [ipaddress.ip_network(first)]
    low, high = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
    if low.version != high.version:
        raise ValueError("mixed range")
    return list(ipaddress.summarize_address_range(low, high))


def tidy(networks):
    four = [network for network in networks if network.version == 4]
    six = [network for network in networks if network.version == 6]
    return [*ipaddress.collapse_addresses(four), *ipaddress.collapse_addresses(six)]


def allowed_networks(allow, deny):
    left = tidy([network for text in allow for network in networks_of(text)])
    for hole in tidy([network for text in deny for network in networks_of(text)]):
        kept = []
        for network in left:
            if network.version != hole.version or not network.overlaps(hole):
                kept.append(network)
            elif not network.subnet_of(hole):
                kept.extend(network.address_exclude(hole))
        left = kept
    return [str(network) for network in tidy(left)]
