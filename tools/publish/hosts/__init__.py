"""Where a release goes: each module is a way to a host, and answers what tools/publish/target.py asks.

ssh      a server over OpenSSH, where server.sh is run
rclone   object stores, SFTP, WebDAV; rclone_command runs it, program finds it
waiting  no wait without an end
words    what other programs say, in ours
"""
