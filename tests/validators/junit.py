"""Holds JUnit files against a schema, and tells how a reader of such files counts what is in them.

usage: junit.py SCHEMA FILE...
"""

import json
import sys

from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree


def counts(suite):
    """The cases, and those of them that failed, could not be run, and were skipped; its own sums must agree."""
    results = [type(result) for case in suite for result in case.result]
    counted = [len(list(suite)), results.count(Failure), results.count(Error), results.count(Skipped)]
    stated = [suite.tests, suite.failures, suite.errors, suite.skipped]
    assert counted == stated, f"{suite.name} states {stated} and has {counted}"
    return counted


schema, *files = sys.argv[1:]
schema = etree.XMLSchema(etree.parse(schema))
read = {}
for file in files:
    schema.assertValid(etree.parse(file))
    read[file] = {suite.name: counts(suite) for suite in JUnitXml.fromfile(file)}
json.dump(read, sys.stdout)
