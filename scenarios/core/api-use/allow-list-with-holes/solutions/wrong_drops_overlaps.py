# score: 6.5 - leaves a network out whole as soon as a hole lies in it
import ipaddress


def networks_of(text):
    if "-" in text:
        first, last = [ipaddress.ip_address(part.strip()) for part in text.split("-")]
        if first.version != last.version:
            raise ValueError(text)
        return list(ipaddress.summarize_address_range(first, last))
    return [ipaddress.ip_network(text.strip(), strict=False)]


def collapse(networks):
    result = []
    for version in (4, 6):
        result += ipaddress.collapse_addresses([item for item in networks if item.version == version])
    return result


def allowed_networks(allow, deny):
    holes = [network for text in deny for network in networks_of(text)]
    allowed = collapse([network for text in allow for network in networks_of(text)])
    kept = [network for network in allowed if not any(network.overlaps(hole) for hole in holes if hole.version == network.version)]
    return [str(network) for network in kept]
