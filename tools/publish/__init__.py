"""Publishing: `invoke publish`, `releases`, `rollback`. A site becomes live and verified, or nothing changes.

config   publish.toml                     pipeline  the steps, in order
gate     what must not be published       target    what the pipeline asks of a host
release  files, hashes, release.json      hosts     a server over OpenSSH; object stores, SFTP, WebDAV
locking  one publisher at a time          http      the live site, as a reader gets it
sbom     what the site was built with     compress  .gz and .br beside the files
record   what was published last
"""
