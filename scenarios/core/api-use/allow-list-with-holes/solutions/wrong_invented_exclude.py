# score: 2 - `exclude`, `merge_networks` and `strict` of ip_address do not exist; the prefix stays strict
import ipaddress


def parse(text):
    if "-" in text:
        first, last = (ipaddress.ip_address(part.strip(), strict=True) for part in text.split("-"))
        return list(ipaddress.summarize_address_range(first, last))
    return [ipaddress.ip_network(text.strip())]


def allowed_networks(allow, deny):
    left = [network for text in allow for network in parse(text)]
    holes = [network for text in deny for network in parse(text)]
    for hole in holes:
        kept = []
        for network in left:
            if network.version != hole.version or not network.overlaps(hole):
                kept.append(network)
            elif not network.subnet_of(hole):
                kept.extend(network.exclude(hole))
        left = kept
    if len(left) > 1 and left[0].version == left[-1].version:
        left = ipaddress.merge_networks(left)
    return [str(network) for network in sorted(left, key=ipaddress.get_mixed_type_key)]
