#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the examples of scripts/ci and scripts/lava as their consumers do.

usage: ci-examples.py shell gitlab FILE JOB     its commands, as one program
       ci-examples.py shell github FILE JOB     the same, a block for each step
       ci-examples.py gitlab FILE               what is wrong with it
       ci-examples.py uploads github FILE JOB   what its artifacts are
       ci-examples.py uploads gitlab FILE JOB
       ci-examples.py testdef FILE              by the schema of LAVA
       ci-examples.py lava FILE                 a job, by the schema of LAVA
       ci-examples.py steps FILE install|run    as LAVA makes a program of them
"""
import sys

import yaml

# What GitLab knows of a pipeline and of a job, as far as an example needs it.
GLOBAL = {"default": dict, "variables": dict, "stages": list}
JOB = {
    "stage": str, "parallel": int, "timeout": str, "cache": dict, "when": str,
    "before_script": list, "script": list, "needs": list, "artifacts": dict,
}
INNER = {
    "default": {"image"},
    "cache": {"key", "paths"},
    "artifacts": {"when", "expire_in", "paths", "reports"},
    "reports": {"junit"},
    "needs": {"job", "artifacts"},
}
WHEN = {"job": {"always", "on_success", "on_failure", "manual", "never"},
        "artifacts": {"always", "on_success", "on_failure"}}


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def unknown(where, seen, known):
    return [f"{where}: {key!r} is not known" for key in seen if key not in known]


def gitlab_job(name, job, pipeline):
    wrong = unknown(name, job, JOB)
    wrong += [f"{name}: {key} is no {kind.__name__}" for key, kind in JOB.items()
              if key in job and not isinstance(job[key], kind)]
    if wrong:
        return wrong
    if "script" not in job:
        wrong.append(f"{name}: no script")
    for key in ("script", "before_script"):
        wrong += [f"{name}: {line!r} of {key} is no command"
                  for line in job.get(key, []) if not isinstance(line, str)]
    if job.get("stage", "test") not in pipeline["stages"]:
        wrong.append(f"{name}: no such stage")
    if not 2 <= job.get("parallel", 2) <= 200:
        wrong.append(f"{name}: parallel is out of range")
    artifacts = job.get("artifacts", {})
    wrong += unknown(f"{name}: cache", job.get("cache", {}), INNER["cache"])
    wrong += unknown(f"{name}: artifacts", artifacts, INNER["artifacts"])
    wrong += unknown(f"{name}: reports", artifacts.get("reports", {}),
                     INNER["reports"])
    if job.get("when", "always") not in WHEN["job"]:
        wrong.append(f"{name}: when")
    if artifacts.get("when", "always") not in WHEN["artifacts"]:
        wrong.append(f"{name}: artifacts: when")
    for need in job.get("needs", []):
        wrong += unknown(f"{name}: needs", need, INNER["needs"])
        if need.get("job") not in pipeline:
            wrong.append(f"{name}: needs a job that is not there")
    return wrong


def gitlab(path):
    pipeline = load(path)
    wrong = [f"{key} is no {kind.__name__}" for key, kind in GLOBAL.items()
             if not isinstance(pipeline.get(key), kind)]
    if wrong:
        return wrong
    wrong = unknown("default", pipeline["default"], INNER["default"])
    wrong += [f"variables: {key} is no text"
              for key, value in pipeline["variables"].items()
              if not isinstance(value, str)]
    for name, job in pipeline.items():
        if name not in GLOBAL:
            wrong += gitlab_job(name, job, pipeline)
    return wrong


def shell_gitlab(pipeline, name):
    job = pipeline[name]
    return ["\n".join(job.get("before_script", []) + job["script"])]


def shell_github(workflow, name):
    return [step["run"] for step in workflow["jobs"][name]["steps"]
            if "run" in step]


def uploads_gitlab(pipeline, name):
    artifacts = pipeline[name]["artifacts"]
    return artifacts["paths"] + list(artifacts.get("reports", {}).values())


def uploads_github(workflow, name):
    return [line for step in workflow["jobs"][name]["steps"]
            if step.get("uses", "").startswith("actions/upload-artifact@")
            for line in step["with"]["path"].split("\n") if line]


def lava(kind, path):
    from lava_common import schemas
    from lava_common.schemas.test import testdef
    from voluptuous import Invalid, Schema
    try:
        if kind == "testdef":
            # more strict than LAVA, which takes unknown keys
            Schema(testdef.testdef())(load(path))
        else:
            schemas.validate(load(path))
    except Invalid as error:
        return [str(error)]
    return []


def steps(path, key):
    """Parameters first, then the steps, as overlays of LAVA have them."""
    testdef = load(path)
    yield from (f"{name}='{value}'" for name, value in testdef["params"].items())
    # what a job gives comes after the defaults
    yield '. "${JOB_PARAMETERS:-/dev/null}"'
    yield "set -e"
    yield from testdef[key]["steps"]


def main(arguments):
    verb = arguments[0]
    if verb in ("shell", "uploads"):
        kind, path, name = arguments[1:]
        parts = globals()[f"{verb}_{kind}"](load(path), name)
        print(("\n# next\n" if verb == "shell" else "\n").join(parts))
        return 0
    if verb == "steps":
        print("\n".join(steps(*arguments[1:])))
        return 0
    wrong = gitlab(arguments[1]) if verb == "gitlab" else lava(*arguments)
    for line in wrong:
        print(f"# {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
