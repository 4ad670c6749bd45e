# score: 10
import parcelhouse


def patiently(transport, ask, *args, **options):
    while True:
        try:
            return ask(*args, **options)
        except parcelhouse.Busy as busy:
            transport.pause(busy.wait_s)


def codes(client, transport):
    start = None
    while True:
        part = patiently(transport, client.{{api.list}}, "{{kind}}", {{api.size}}={{size}}, {{api.cursor}}=start)
        yield from part.rows
        start = part.{{api.cursor}}
        if start is None:
            return


def handle(client, transport, code, result):
    try:
        parcel = patiently(transport, client.{{api.find}}, code)
    except parcelhouse.Gone:
        result["gone"].append(code)
        return
    if parcel.place is None:
        client.{{api.mark}}(code, outcome="skipped")
        result["skipped"].append(code)
    else:
        client.{{api.mark}}(code, outcome="stored")
        result["stored"][parcel.place] = result["stored"].get(parcel.place, 0) + parcel.grams


def sync(script, token):
    transport = parcelhouse.Replay(script)
    client = parcelhouse.{{api.client}}(transport, token=token)
    result = {"stored": {}, "skipped": [], "gone": [], "is_complete": True}
    try:
        for code in codes(client, transport):
            handle(client, transport, code, result)
    except parcelhouse.HouseError:
        result["is_complete"] = False
    finally:
        client.{{api.close}}()
    return {**result, "sent": transport.sent}
