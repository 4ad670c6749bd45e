# score: 10
def rule_matches(rule, alert):
    is_wanted = not rule["services"] or alert["service"] in rule["services"]
    return is_wanted and alert["severity"] >= rule["severity"]


def route_alerts(rules, alerts):
    rules_of = {}
    for rule in rules:
        rules_of.setdefault(rule["channel"], []).append(rule)
    return {
        channel: [alert["id"] for alert in alerts if any(rule_matches(rule, alert) for rule in own)]
        for channel, own in rules_of.items()
    }
