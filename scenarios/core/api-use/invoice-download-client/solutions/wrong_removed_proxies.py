# score: 3.1771 - `proxies` is gone, a transport has no `proxies` or `max_connections`, and bodies are sent as data
import httpx
from pathlib import Path


def fetch(base_url: str, token: str, proxy: str | None, folder: Path) -> list[Path]:
    files = []
    transport = httpx.HTTPTransport(retries={{net.again}}, max_connections={{net.most}}, proxies=proxy)
    with httpx.Client(
        base_url=base_url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=httpx.Timeout({{net.rest}}, connect={{net.connect}}),
        follow_redirects=True,
        transport=transport,
        proxies={"all://": proxy},
    ) as client:
        try:
            page = client.get("/{{what.list}}", params={"state": "open"})
            while True:
                page.raise_for_status()
                for item in page.json():
                    file = folder / f"{item['id']}.pdf"
                    with client.stream("GET", item["url"]) as response:
                        if response.status_code == httpx.codes.NOT_FOUND:
                            continue
                        response.raise_for_status()
                        file.write_bytes(b"".join(response.iter_bytes()))
                    client.post(f"/{{what.sent}}/{item['id']}", data=b"done").raise_for_status()
                    files.append(file)
                if not page.links.get("next"):
                    break
                page = client.get(page.links["next"]["url"])
        except httpx.TimeoutException:
            pass
    return files
