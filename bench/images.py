"""How fast a file of images in data URIs is checked: makes the file once, then prints the speed and the peak memory.

    python bench/images.py [MEGABYTES] [RUNS]

The images are photographs as far as their bytes go: noise of many sizes, saved as JPEG, PNG and WEBP.
"""

from __future__ import annotations

import base64
import io
import json
import os
import random
import resource
import sys
import time
from pathlib import Path

from PIL import Image

from jsonl_lint import check

BOM = b"\xef\xbb\xbf"
FOLDER = Path(__file__).parent / "data"
SHARES = (("JPEG", "image/jpeg", 6), ("PNG", "image/png", 3), ("WEBP", "image/webp", 1))


def image_uri(rng: random.Random, file_format: str, media_type: str) -> str:
    """The data URI of an image of noise."""
    size = (rng.randint(200, 900), rng.randint(200, 900))
    noise = Image.frombytes("RGB", size, rng.randbytes(size[0] * size[1] * 3))
    buffer = io.BytesIO()
    noise.save(buffer, file_format, quality=85)
    return f"data:{media_type};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def line(rng: random.Random, uris: list[str], number: int) -> bytes:
    """An example with one to three images."""
    parts = [{"type": "image_url", "image_url": {"url": uri}} for uri in rng.sample(uris, rng.choice((1, 1, 2, 3)))]
    messages = [
        {"role": "system", "content": "Describe the images."},
        {"role": "user", "content": [{"type": "text", "text": f"What is on these, number {number}?"}, *parts]},
        {"role": "assistant", "content": "Noise, in every colour there is."},
    ]
    return json.dumps({"messages": messages}).encode() + b"\n"


def make(megabytes: int) -> Path:
    """The file, made if it is not there yet."""
    path = FOLDER / f"images-{megabytes}.jsonl"
    if path.exists():
        return path
    FOLDER.mkdir(parents=True, exist_ok=True)
    rng = random.Random(20)
    uris = [image_uri(rng, name, kind) for name, kind, share in SHARES for _ in range(share * 8)]
    with path.open("wb") as file:
        file.write(BOM)
        number = 0
        while file.tell() < megabytes * 1_000_000:
            number += 1
            file.write(line(rng, uris, number))
    return path


def main() -> None:
    """Print the speed of each run."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    path = make(megabytes)
    size = path.stat().st_size
    for _ in range(runs):
        start, cpu = time.perf_counter(), sum(os.times()[:4])
        report = check(path)
        wall, used = time.perf_counter() - start, sum(os.times()[:4]) - cpu
        print(
            f"{size / 1e6:,.0f} MB, {report.files[0].examples:,} examples, {report.counts.error} errors:"
            f" {size / wall / 1e6:,.0f} MB/s wall, {size / used / 1e6:,.0f} MB/s cpu"
        )
    own, largest = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"peak memory {own:,.0f} MB, of the largest other process {largest:,.0f} MB")


if __name__ == "__main__":
    main()
