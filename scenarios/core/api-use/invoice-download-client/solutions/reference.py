# score: 10
import httpx
from pathlib import Path


def client_of(base_url: str, token: str, proxy: str | None) -> httpx.Client:
    transport = httpx.HTTPTransport(
        retries={{net.again}}, proxy=proxy, limits=httpx.Limits(max_connections={{net.most}})
    )
    return httpx.Client(
        base_url=base_url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=httpx.Timeout({{net.rest}}, connect={{net.connect}}),
        follow_redirects=True,
        transport=transport,
    )


def save(client: httpx.Client, url: str, file: Path) -> None:
    with client.stream("GET", url) as response, file.open("wb") as target:
        response.raise_for_status()
        for chunk in response.iter_bytes():
            target.write(chunk)


def fetch(base_url: str, token: str, proxy: str | None, folder: Path) -> list[Path]:
    files = []
    client: httpx.Client = client_of(base_url, token, proxy)
    with client:
        try:
            page = client.get("/{{what.list}}", params={"state": "open"})
            while True:
                page.raise_for_status()
                for item in page.json():
                    file = folder / f"{item['id']}.pdf"
                    try:
                        save(client, item["url"], file)
                        client.post(f"/{{what.sent}}/{item['id']}", content=b"done").raise_for_status()
                    except httpx.HTTPStatusError as error:
                        if error.response.status_code != 404:
                            raise
                        continue
                    files.append(file)
                if "next" not in page.links:
                    break
                page = client.get(page.links["next"]["url"])
        except httpx.TimeoutException:
            pass
    return files
