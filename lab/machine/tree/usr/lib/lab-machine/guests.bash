# What the stand-ins of Proxmox VE's commands share. Paths and words are those of the real ones.
node=pve1

# What loading a few hundred Perl modules takes on an ordinary server.
as_slow_as_perl() { sleep "0.$((60 + RANDOM % 35))"; }

# One value of a guest's settings, up to the first snapshot.
setting() { # file key
  local line
  while IFS= read -r line; do
    case $line in
      '['*) return ;;
      "$2: "*) printf '%s' "${line#*: }"; return ;;
    esac
  done < "$1"
}

settings_of() { # folder id
  local file=/etc/pve/nodes/$node/$1/$2.conf
  [ -f "$file" ] || { echo "Configuration file 'nodes/$node/$1/$2.conf' does not exist" >&2; exit 2; }
  printf '%s' "$file"
}

print_settings() { # file
  sed '/^\[/,$d; /^#/d; /^$/d' "$1" | sort
}

pid_of_vm() { # id
  local pid
  { read -r pid < "/run/qemu-server/$1.pid"; } 2> /dev/null && [ -d "/proc/$pid" ] && printf '%s' "$pid"
}

container_runs() { [ -d "/sys/fs/cgroup/lxc/$1" ]; }

bytes_of() { # 32G
  local number=${1%[KMGT]}
  case $1 in
    *T) echo $((number << 40)) ;; *G) echo $((number << 30)) ;; *M) echo $((number << 20)) ;; *K) echo $((number << 10)) ;; *) echo "${number:-0}" ;;
  esac
}

ids_in() { # folder
  local file
  for file in /etc/pve/nodes/$node/"$1"/*.conf; do
    [ -e "$file" ] && basename "$file" .conf
  done | sort -n
}
