# score: 7.5 - collapses both versions in one call, which raises TypeError, and lets that of a mixed range out
import ipaddress


def networks_of(text):
    first, dash, last = text.partition("-")
    if not dash:
        return [ipaddress.ip_network(text.strip(), strict=False)]
    return list(ipaddress.summarize_address_range(ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())))


def collapsed(texts):
    found = []
    for text in texts:
        found.extend(networks_of(text))
    return list(ipaddress.collapse_addresses(found))


def allowed_networks(allow, deny):
    left = collapsed(allow)
    for hole in collapsed(deny):
        kept = []
        for network in left:
            if network.version != hole.version or not network.overlaps(hole):
                kept.append(network)
            elif not network.subnet_of(hole):
                kept.extend(network.address_exclude(hole))
        left = kept
    return [str(network) for network in ipaddress.collapse_addresses(left)]
