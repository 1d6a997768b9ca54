import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "rig/free-port";
import { Daemon, temporaryFolder } from "./daemon.ts";
import type { Front } from "./front.ts";

/**
 * Starts nginx in front of a port; `rules` stand in its `location` block, before what passes requests on.
 * It reloads by `nginx -s reload`.
 */
export async function nginx(program: string, target: number, rules = ""): Promise<Front> {
  const folder = temporaryFolder();
  const file = join(folder, "nginx.conf");
  const port = await freePort();
  const configure = (inside: string): void => writeFileSync(file, config(port, target, inside));
  const args = ["-p", folder, "-c", file, "-e", "stderr"];
  configure(rules);
  const master = new Daemon(program, args);
  let workers = 1;
  await master.says(/start worker process \d/, workers);
  return {
    url: `ws://127.0.0.1:${port}/`,
    async reload(inside = rules) {
      configure(inside);
      const signal = new Daemon(program, [...args, "-s", "reload"]);
      await signal.ended;
      await master.says(/start worker process \d/, ++workers);
      // Until then, the old one may answer dials.
      await master.says(/worker process \d+ exited/, workers - 1);
    },
  };
}

const config = (port: number, target: number, rules: string): string => `
daemon off;
pid nginx.pid;
error_log stderr notice;
worker_processes 1;
worker_shutdown_timeout 100ms;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port};
    location / {
      ${rules}
      proxy_pass http://127.0.0.1:${target};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
    }
  }
}
`;
