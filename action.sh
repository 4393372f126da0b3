#!/usr/bin/env bash
# What action.yml runs. Inputs come by the environment, and each of their lines is one argument: none is ever code.
set -euo pipefail

# The lines of a text, without blanks around them and without empty ones, into the array `lines`.
lines_of() {
  lines=()
  local line
  while IFS=$' \t' read -r line || [ -n "$line" ]; do
    if [ -n "$line" ]; then lines+=("$line"); fi
  done <<<"${1//$'\r'/}"
}

arguments=(check --format pretty --format github)
if [ -n "${SARIF:-}" ]; then arguments+=("--format=sarif=$SARIF"); fi
lines_of "${ARGS:-}"
arguments+=(${lines[@]+"${lines[@]}"})
lines_of "${PATHS:-.}"
exec "${LOADPATH:-loadpath}" "${arguments[@]}" -- ${lines[@]+"${lines[@]}"}
