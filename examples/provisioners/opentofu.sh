#!/bin/sh
# Hosts by OpenTofu (or Terraform: TOFU=terraform): one workspace of the folder that is given as argument for each host.
# The folder's files take the variables `name`, `cores`, `memory_bytes` and `region`, and have the output `endpoint`.
set -eu
TOFU=${TOFU:-tofu}
cd "${1:?which folder has the files of OpenTofu?}"
asked=$(cat)
field() { printf %s "$asked" | jq -r "$1 // empty"; }
name=$(field .name)
export TF_IN_AUTOMATION=1 TF_INPUT=0
export TF_VAR_name="$name" TF_VAR_cores="$(field .minCores)" TF_VAR_memory_bytes="$(field .minMemoryBytes)" TF_VAR_region="$(field '.regions[0]')"
[ -d .terraform ] || "$TOFU" init >&2

workspaces() { "$TOFU" workspace list | tr -d '* ' | grep "^$(field .cloud)-" || true; }
exists() { workspaces | grep -qx "$name"; }

case $(field .action) in
provision)
  exists || "$TOFU" workspace new "$name" >&2
  TF_WORKSPACE="$name" "$TOFU" apply -auto-approve >&2
  TF_WORKSPACE="$name" "$TOFU" output -json | jq '{endpoint: .endpoint.value}'
  ;;
release)
  if exists; then
    TF_WORKSPACE="$name" "$TOFU" destroy -auto-approve >&2
    "$TOFU" workspace select default >&2
    "$TOFU" workspace delete "$name" >&2
  fi
  ;;
list)
  for found in $(workspaces); do
    TF_WORKSPACE="$found" "$TOFU" output -json | jq --arg name "$found" '{name: $name, endpoint: .endpoint.value}'
  done | jq -s '{hosts: map(select(.endpoint != null))}'
  ;;
esac
