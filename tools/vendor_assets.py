"""Build the front-end assets and fonts that are committed with the product, and prove that they are what they say.

    python tools/vendor_assets.py           rebuild from the pinned npm packages and write vendor.json
    python tools/vendor_assets.py --check   compare every committed file with its hash; with npm, also rebuild and compare

Nobody needs npm to run the product: the built files are committed, with version, licence and SHA-256 beside them.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "tools" / "assets"
WWW = ROOT / "wushe" / "faces" / "www" / "static" / "www" / "vendor"
FONTS = ROOT / "wushe" / "foundation" / "documents" / "fonts"
BROWSER_TESTS = ROOT / "tests" / "browser" / "vendor"
HOMES = (WWW, FONTS, BROWSER_TESTS)
MODULES = SOURCES / "node_modules"
# A map that is not shipped would make the hashed static storage refuse the file that names it.
SOURCE_MAP = re.compile(rb"\n?(//|/\*)[#@] sourceMappingURL=[^\n*]*(\*/)?\s*")


@dataclass(frozen=True)
class Asset:
    """One committed file: where it is made from and where it goes."""

    package: str
    licence: str
    file: str
    source: str
    licence_file: str = "LICENSE"
    home: Path = WWW
    built: bool = False


ASSETS = (
    Asset("bootstrap", "MIT", "bootstrap.css", "bootstrap.css", built=True),
    Asset("echarts", "Apache-2.0", "echarts.js", "echarts.js", built=True),
    Asset("@tabler/icons", "MIT", "icons.svg", "icons.svg", built=True),
    Asset("@embedpdf/fonts-sc", "OFL-1.1", "NotoSansHans-Regular.otf", "fonts/NotoSansHans-Regular.otf", home=FONTS),
    Asset("@embedpdf/fonts-sc", "OFL-1.1", "NotoSansHans-Bold.otf", "fonts/NotoSansHans-Bold.otf", home=FONTS),
    Asset("axe-core", "MPL-2.0", "axe.min.js", "axe.min.js", home=BROWSER_TESTS),
)


def build(into: Path) -> dict[Path, dict[Path, dict[str, str]]]:
    """Lay every asset below `into` as it is to be committed; return per home the manifest rows by relative path."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to rebuild the assets (not to run the product)")
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved"]
    subprocess.run([npm, "ci", *flags], cwd=SOURCES, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    made = into / "made"
    made.mkdir()
    subprocess.run(["node", "build.mjs", str(made)], cwd=SOURCES, check=True)
    rows: dict[Path, dict[Path, dict[str, str]]] = {home: {} for home in HOMES}
    for asset in ASSETS:
        package = MODULES / asset.package
        version = json.loads((package / "package.json").read_text())["version"]
        folder = Path(f"{asset.package.lstrip('@').replace('/', '-')}-{version}")
        target = into / asset.home.relative_to(ROOT) / folder
        target.mkdir(parents=True, exist_ok=True)
        source = made / asset.source if asset.built else package / asset.source
        content = source.read_bytes()
        if source.suffix in {".css", ".js"}:
            content = SOURCE_MAP.sub(b"\n", content)
        (target / asset.file).write_bytes(content)
        shutil.copyfile(package / asset.licence_file, target / "LICENSE")
        rows[asset.home][folder / asset.file] = {
            "name": asset.package,
            "version": version,
            "licence": asset.licence,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    return rows


def write_manifests(into: Path, rows: dict[Path, dict[Path, dict[str, str]]]) -> None:
    """Write vendor.json beside the assets of each home."""
    for home, files in rows.items():
        listing = [{"file": path.as_posix(), **row} for path, row in sorted(files.items())]
        manifest = into / home.relative_to(ROOT) / "vendor.json"
        manifest.write_text(json.dumps(listing, indent=2) + "\n")


def changed_files() -> list[str]:
    """Return what is wrong with the committed files: missing, or not the bytes that vendor.json vouches for."""
    faults = []
    for home in HOMES:
        for row in json.loads((home / "vendor.json").read_text()):
            file = home / row["file"]
            if not file.exists():
                faults.append(f"missing: {file.relative_to(ROOT)}")
            elif hashlib.sha256(file.read_bytes()).hexdigest() != row["sha256"]:
                faults.append(f"changed: {file.relative_to(ROOT)}")
            elif not (file.parent / "LICENSE").exists():
                faults.append(f"no licence text: {file.relative_to(ROOT)}")
    return faults


def rebuilt_differently() -> list[str]:
    """Rebuild beside the repository and return the files that would come out differently."""
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder)
        write_manifests(into, build(into))
        for home in HOMES:
            for fresh in sorted((into / home.relative_to(ROOT)).rglob("*")):
                committed = ROOT / fresh.relative_to(into)
                if fresh.is_file() and (not committed.exists() or committed.read_bytes() != fresh.read_bytes()):
                    faults.append(f"rebuilds differently: {committed.relative_to(ROOT)}")
    return faults


def check() -> int:
    """Report every fault; the rebuild is compared only where npm is at hand."""
    faults = changed_files()
    if shutil.which("npm") and not faults:
        faults = rebuilt_differently()
    for fault in faults:
        print(fault, file=sys.stderr)
    print("assets: " + ("as recorded" if not faults else f"{len(faults)} fault(s)"))
    return 1 if faults else 0


def replace_committed() -> int:
    """Rebuild and put the result in place of what is committed."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder)
        write_manifests(into, build(into))
        for home in HOMES:
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(into / home.relative_to(ROOT), home)
    print("assets: rebuilt")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail on a difference")
    sys.exit(check() if parser.parse_args().check else replace_committed())
