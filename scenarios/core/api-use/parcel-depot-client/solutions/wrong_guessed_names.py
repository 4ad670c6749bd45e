# score: 0 - `list_parcels`, `get`, `ack` and the context manager are what other clients have
from parcelhouse import {{api.client}}, Gone, HouseError, Replay


def sync(script, token):
    transport = Replay(script)
    result = {"stored": {}, "skipped": [], "gone": [], "is_complete": True}
    try:
        with {{api.client}}(transport, token=token) as client:
            for code in client.list_parcels("{{kind}}", page_size={{size}}):
                try:
                    parcel = client.get(code)
                except Gone:
                    result["gone"].append(code)
                    continue
                if parcel.place:
                    client.ack(code, outcome="stored")
                    result["stored"][parcel.place] = result["stored"].get(parcel.place, 0) + parcel.grams
                else:
                    client.ack(code, outcome="skipped")
                    result["skipped"].append(code)
    except HouseError:
        result["is_complete"] = False
    return {**result, "sent": transport.sent}
