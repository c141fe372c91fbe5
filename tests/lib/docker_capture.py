#!/usr/bin/env python3
# docker_capture.py - what a Docker client asks for: a socket that answers only
# so much that `docker run --rm` sends its create request.
#
#   docker_capture.py CASES DIRECTORY: the words of each case, as tests/docker/
#   CASES has them; the requests become DIRECTORY/NAME.json
import http.server
import os
import socketserver
import subprocess
import sys
import tempfile
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    body = None

    def log_message(self, *words):
        pass

    def address_string(self):
        return 'client'

    def answer(self, status, text=b'{}'):
        self.send_response(status)
        self.send_header('Api-Version', '1.44')
        self.send_header('Ostype', 'linux')
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(text)

    def do_HEAD(self):
        self.answer(200)

    def do_GET(self):
        self.answer(200, b'{"ApiVersion":"1.44","MinAPIVersion":"1.24"}')

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        if '/containers/create' in self.path:
            Handler.body = text
        self.answer(400, b'{"message":"captured"}')


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def get_request(self):
        request, _ = super().get_request()
        return request, ('client', 0)


def capture(words, env):
    Handler.body = None
    subprocess.run(['docker', 'run', '--rm'] + words, env=env, timeout=60,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    if Handler.body is None:
        raise SystemExit('docker asked for no container: %s' % words)
    return Handler.body


def main():
    cases, directory = sys.argv[1:]
    with open(cases) as f:
        lines = [line.split('|') for line in f if not line.startswith('#')]
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, 's')
        with Server(path, Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            env = dict(os.environ, DOCKER_HOST='unix://' + path,
                       DOCKER_CONFIG=top)
            for name, words, _ in lines:
                body = capture(words.split(), env)
                with open(os.path.join(directory, name.strip() + '.json'),
                          'wb') as f:
                    f.write(body)
            server.shutdown()


if __name__ == '__main__':
    main()
