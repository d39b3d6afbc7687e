# One machine at Hetzner Cloud with Docker on it. The token is read from HCLOUD_TOKEN.

terraform {
  required_providers {
    hcloud = { source = "hetznercloud/hcloud", version = "~> 1.45" }
  }
}

variable "name" { type = string }
variable "cores" { type = number }
variable "memory_bytes" { type = number }
variable "region" { type = string }

variable "ssh_key" {
  type        = string
  default     = "clocker"
  description = "The name of your key at Hetzner Cloud."
}

locals {
  # The smallest that has what is asked for.
  types = [
    { name = "cx22", cores = 2, memory_bytes = 4 * 1024 * 1024 * 1024 },
    { name = "cx32", cores = 4, memory_bytes = 8 * 1024 * 1024 * 1024 },
    { name = "cx42", cores = 8, memory_bytes = 16 * 1024 * 1024 * 1024 },
    { name = "cx52", cores = 16, memory_bytes = 32 * 1024 * 1024 * 1024 },
  ]
  fitting = [for type in local.types : type.name if type.cores >= var.cores && type.memory_bytes >= var.memory_bytes]
}

resource "hcloud_server" "host" {
  name        = var.name
  image       = "docker-ce"
  server_type = local.fitting[0]
  location    = var.region == "" ? "fsn1" : var.region
  ssh_keys    = [var.ssh_key]
}

output "endpoint" {
  value = "ssh://root@${hcloud_server.host.ipv4_address}"
}
