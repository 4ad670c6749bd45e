# score: 9 - lists an alert once for each rule that matches
def matches(rule, alert):
    if alert["severity"] < rule["severity"]:
        return False
    return not rule["services"] or alert["service"] in rule["services"]


def route_alerts(rules, alerts):
    inbox = {rule["channel"]: [] for rule in rules}
    for alert in alerts:
        for rule in rules:
            if matches(rule, alert):
                inbox[rule["channel"]].append(alert["id"])
    return inbox
