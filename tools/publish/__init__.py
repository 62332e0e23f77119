"""Publishing: `invoke publish`, `releases`, `rollback`. A site becomes live and verified, or nothing changes.

config   publish.toml                     pipeline  the steps, in order
gate     what must not be published       target    what the pipeline asks of a host
release  files, hashes, release.json      hosts     a server over OpenSSH; object stores, SFTP, WebDAV
locking  one publisher at a time          http      the live site, as a reader gets it
sbom     what the site was built with     compress  .gz and .br beside the files
record   what was published last           job       a publish as a process of its own, for the desk
remotes  rclone's remotes, keychain       host_keys how a server shows that it is the one
trial    the connection, step by step
"""
