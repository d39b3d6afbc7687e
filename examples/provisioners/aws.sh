#!/bin/sh
# Hosts at Amazon EC2, made with Amazon's own command line and found again by their tags.
# In the environment: CLOCKER_AMI (an image of Debian or Ubuntu), CLOCKER_KEY (the name of your key pair), CLOCKER_SECURITY_GROUP
# (lets you in on port 22), CLOCKER_USER (admin, as on Debian's images); credentials as `aws configure` makes them.
set -eu
asked=$(cat)
field() { printf %s "$asked" | jq -r "$1 // empty"; }
cloud=$(field .cloud)
name=$(field .name)
region=$(aws configure get region || true)
region=${AWS_REGION:-$region}
user=${CLOCKER_USER:-admin}

# Name and address of the cloud's machines that are there, one on a line.
machines() {
  aws ec2 describe-instances --output json --filters "Name=tag:clocker-cloud,Values=$cloud" Name=instance-state-name,Values=pending,running |
    jq -r '.Reservations[].Instances[] | [(.Tags[] | select(.Key == "clocker-host").Value), .InstanceId, (.PublicIpAddress // "")] | @tsv'
}
id_of() { machines | awk -v name="$1" '$1 == name { print $2; exit }'; }
address_of() { machines | awk -v name="$1" '$1 == name { print $3; exit }'; }

# The smallest type that has what is asked for.
type_for() {
  mebibytes=$(( $(field .minMemoryBytes) / 1048576 ))
  cores=$(field .minCores)
  for type in t3.small:2:2048 t3.medium:2:4096 t3.large:2:8192 m5.xlarge:4:16384 m5.2xlarge:8:32768 m5.4xlarge:16:65536; do
    IFS=: read -r candidate has_cores has_mebibytes <<END
$type
END
    if [ "$has_cores" -ge "$cores" ] && [ "$has_mebibytes" -ge "$mebibytes" ]; then echo "$candidate"; return; fi
  done
  echo "no machine has $cores cores and $mebibytes MiB" >&2
  return 1
}

case $(field .action) in
provision)
  # Hosts are found again in one region: that of the credentials.
  printf %s "$asked" | jq -e --arg region "$region" '.regions == [] or (.regions | index($region) != null)' >/dev/null || { echo "machines are made in $region, which is not asked for; set AWS_REGION" >&2; exit 1; }
  id=$(id_of "$name")
  if [ -z "$id" ]; then
    type=$(type_for)
    echo "asking for a $type" >&2
    id=$(aws ec2 run-instances --output text --query 'Instances[0].InstanceId' --image-id "${CLOCKER_AMI:?}" --instance-type "$type" --key-name "${CLOCKER_KEY:?}" \
      --security-group-ids "${CLOCKER_SECURITY_GROUP:?}" \
      --user-data '#!/bin/sh
apt-get update && apt-get install -y docker.io && usermod -aG docker '"$user" \
      --tag-specifications "ResourceType=instance,Tags=[{Key=clocker-cloud,Value=$cloud},{Key=clocker-host,Value=$name},{Key=Name,Value=$name}]")
  fi
  echo "waiting for $id" >&2
  aws ec2 wait instance-running --instance-ids "$id" >&2
  jq -n --arg endpoint "ssh://$user@$(address_of "$name")" --arg region "$region" '{endpoint: $endpoint} + if $region == "" then {} else {labels: {region: $region}} end'
  ;;
release)
  id=$(id_of "$name")
  [ -z "$id" ] || aws ec2 terminate-instances --instance-ids "$id" >&2
  ;;
list)
  machines | while read -r found _ address; do
    [ -z "$address" ] || jq -n --arg name "$found" --arg endpoint "ssh://$user@$address" '{name: $name, endpoint: $endpoint}'
  done | jq -s '{hosts: .}'
  ;;
esac
