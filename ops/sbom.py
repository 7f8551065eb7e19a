#!/usr/bin/env python3
"""Writes a CycloneDX 1.5 bill of materials of an earshot binary on Debian: what it links, what is compiled into it,
with versions and licences as the installed packages state them. The same binary and packages give the same bytes.

    ops/sbom.py build/release/bin/earshot > earshot.cdx.json
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Compiled in from headers or archives: no shared library in the binary tells of them.
COMPILED_IN = ["libboost1.81-dev", "libcli11-dev", "libspdlog-dev", "libvalijson-dev", "nlohmann-json3-dev"]

# Debian's short names (copyright format 1.0) that SPDX writes differently.
SPDX_NAMES = {
    "expat": "MIT",
    "apache-2": "Apache-2.0",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "zlib": "Zlib",
    "bsl-1.0": "BSL-1.0",
    "boost-1.0": "BSL-1.0",
}
SPDX_IDS = {"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "Zlib", "BSL-1.0", "ISC", "OpenSSL", "curl",
            "Unicode-DFS-2016"}


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def fail(message):
    sys.exit(f"sbom.py: {message}")


def linked_libraries(binary):
    """Real paths of all shared libraries that the loader takes for the binary, by the names it asks for."""
    found = {}
    for line in output_of("ldd", binary).splitlines():
        if "not found" in line:
            fail(f"{binary}: {line.strip()}")
        match = re.match(r"\s*(\S+) => (\S+) \(", line)
        if match:
            found[match.group(1)] = os.path.realpath(match.group(2))
    if not found:
        fail(f"{binary} links no shared library: is it the earshot binary?")
    return found


def package_of(path):
    # Since the merge of /lib into /usr/lib packages own either name.
    for name in (path, re.sub("^/usr/lib/", "/lib/", path)):
        answer = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True)
        if answer.returncode == 0:
            return answer.stdout.split(": ")[0].split(",")[0]
    return None


def licences_of(package):
    """Short names in the package's copyright file, the one for all of its files first."""
    text_file = pathlib.Path("/usr/share/doc") / package.split(":")[0] / "copyright"
    if not text_file.exists():
        return []
    paragraphs = re.split(r"\n\s*\n", text_file.read_text(encoding="utf-8", errors="replace"))
    names = []
    for paragraph in paragraphs:
        files = re.search(r"^Files:\s*(.+)", paragraph, re.MULTILINE)
        licence = re.search(r"^License:[ \t]*(\S.*)$", paragraph, re.MULTILINE)
        if files and licence and not files.group(1).startswith("debian/") and licence.group(1) not in names:
            at = 0 if files.group(1).split()[0] == "*" else len(names)
            names.insert(at, licence.group(1).strip())
    return names


def licence_entries(names):
    entries = []
    for name in names or ["see the package's copyright file"]:
        spdx = SPDX_NAMES.get(name.lower(), name)
        entries.append({"license": {"id": spdx} if spdx in SPDX_IDS else {"name": name}})
    return entries


def debian_component(package, paths):
    version, architecture, source = output_of(
        "dpkg-query", "-W", "-f", "${Version}\t${Architecture}\t${source:Package}", package).split("\t")
    name = package.split(":")[0]
    purl = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}&distro=debian-12"
    component = {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "licenses": licence_entries(licences_of(package)),
        "purl": purl,
        "properties": [{"name": "debian:source", "value": source}],
    }
    component["properties"] += [{"name": "earshot:linked-as", "value": soname} for soname in sorted(paths)]
    if not paths:
        component["properties"].append({"name": "earshot:compiled-in", "value": "headers"})
    return component


def vader_component():
    """VADER's lexicon, which the build downloads by its hash."""
    script = (ROOT / "operators/sentiment/build_vader_data.py").read_text(encoding="utf-8")
    version = re.search(r"vaderSentiment[-=]+(\d+\.\d+\.\d+)", script)
    digest = re.search(r"WHEEL: \"([0-9a-f]{64})\"", script)
    if not version or not digest:
        fail("operators/sentiment/build_vader_data.py names no version and hash of vaderSentiment")
    purl = f"pkg:pypi/vadersentiment@{version.group(1)}"
    return {
        "type": "data",
        "bom-ref": purl,
        "name": "vaderSentiment",
        "version": version.group(1),
        "hashes": [{"alg": "SHA-256", "content": digest.group(1)}],
        "licenses": [{"license": {"id": "MIT"}}],
        "purl": purl,
        "properties": [{"name": "earshot:compiled-in", "value": "lexicon"}],
    }


def bill_of(binary):
    by_package = {package: {} for package in COMPILED_IN}
    for soname, path in linked_libraries(binary).items():
        package = package_of(path)
        if package is None:
            fail(f"{path}: no Debian package owns this library")
        by_package.setdefault(package, {})[soname] = path
    components = [debian_component(package, paths) for package, paths in by_package.items()]
    components.append(vader_component())
    components.sort(key=lambda component: component["bom-ref"])
    version = output_of(binary, "--version").strip()
    digest = hashlib.sha256(pathlib.Path(binary).read_bytes()).hexdigest()
    program = f"pkg:generic/earshot@{version}"
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "ops/sbom.py"}]},
            "component": {
                "type": "application",
                "bom-ref": program,
                "name": "earshot",
                "version": version,
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "purl": program,
            },
        },
        "components": components,
        "dependencies": [{"ref": program, "dependsOn": [component["bom-ref"] for component in components]}]
        + [{"ref": component["bom-ref"]} for component in components],
    }
    content = json.dumps(bill, sort_keys=True)
    bill["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}"
    return bill


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    json.dump(bill_of(sys.argv[1]), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
