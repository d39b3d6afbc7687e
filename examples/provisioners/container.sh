#!/bin/sh
# Makes each host as a container with a Docker Engine in it, published on a port of this machine alone.
# In the environment: IMAGE (docker:dind), FLAGS for docker run (--privileged), and what the docker command reads, like DOCKER_HOST.
set -eu
IMAGE=${IMAGE:-docker:dind}
eval "set -- ${FLAGS:---privileged}"
asked=$(cat)
field() { printf %s "$asked" | jq -r "$1 // empty"; }
cloud=$(field .cloud)
name=$(field .name)
container="provisioned-$name"

endpoint() { echo "tcp://$(docker port "$1" 2375/tcp | head -n 1)"; }

case $(field .action) in
provision)
  if ! docker inspect "$container" >/dev/null 2>&1; then
    echo "starting container $container" >&2
    docker run --detach "$@" --name "$container" --hostname "$name" --restart unless-stopped \
      --label "provisioned.cloud=$cloud" --label "provisioned.name=$name" --publish 127.0.0.1::2375 --volume /var/lib/docker \
      --entrypoint dockerd "$IMAGE" --host tcp://0.0.0.0:2375 --host unix:///var/run/docker.sock --tls=false >/dev/null
  fi
  jq -n --arg endpoint "$(endpoint "$container")" '{endpoint: $endpoint, insecure: true, labels: {made: "container"}}'
  ;;
release)
  docker rm --force --volumes "$container" >/dev/null 2>&1 || true
  ;;
list)
  docker ps --all --filter "label=provisioned.cloud=$cloud" --format '{{.Names}}' | while read -r found; do
    jq -n --arg name "${found#provisioned-}" --arg endpoint "$(endpoint "$found")" '{name: $name, endpoint: $endpoint, insecure: true}'
  done | jq -s '{hosts: .}'
  ;;
esac
