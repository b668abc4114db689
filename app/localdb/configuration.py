"""The server's configuration file: durable always, tuned for one small machine, silent about people."""

import os

from app.localdb.places import PORT, Places

_TEMPLATE = """\
# Written by Pomapa at every start; changes here are lost.
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
cluster_name = '{name}'
max_connections = 100
password_encryption = 'scram-sha-256'

# An answer of "done" means that it is on the disk.
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = {wal_compression}
max_wal_size = '2GB'

shared_buffers = '{shared_buffers_mb}MB'
effective_cache_size = '{cache_mb}MB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
random_page_cost = 1.1
effective_io_concurrency = 100
# Our statements take milliseconds; compiling them would take longer than running them.
jit = off
timezone = 'UTC'
default_text_search_config = 'pg_catalog.simple'

# A statement, a parameter or a conflicting row may hold a person's address: none of them is logged.
log_statement = 'none'
log_min_duration_statement = -1
log_min_error_statement = 'panic'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = 'terse'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
# One file a weekday, overwritten a week later.
logging_collector = on
log_directory = '{logs}'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_rotation_size = 0
"""

#: Only a role with its password enters, and only through the socket.
HBA = "# Written by Pomapa at every start; changes here are lost.\nlocal all all scram-sha-256\n"


#: How whole pages are made smaller in the log of changes. PostgreSQL's own way is there always, and costs a publication
#: a third of its time; not every server was built with the quick one.
QUICK_COMPRESSION = "lz4"


def configuration(
    places: Places, memory_mb: int | None = None, *, has_quick_compression: bool = False
) -> str:
    """Give the text of the configuration file for a machine with this much memory (measured when None)."""
    memory_mb = memory_mb or _memory_mb()
    return _TEMPLATE.format(
        port=PORT,
        # A list of folders: double quotes keep a comma in a folder's name from ending it.
        sockets=_quoted('"' + str(places.sockets).replace('"', '""') + '"'),
        logs=_quoted(str(places.logs)),
        name=places.name,
        wal_compression=QUICK_COMPRESSION if has_quick_compression else "on",
        shared_buffers_mb=max(64, min(512, memory_mb // 8)),
        cache_mb=max(128, memory_mb // 2),
    )


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1024 * 1024)
