import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Daemon, freePort, temporaryFolder } from "./daemon.ts";

/** nginx in front of a server. */
export interface Nginx {
  readonly url: string;
  /** `nginx -s reload`, with this in its `location` from now on; old connections are cut soon after. */
  reload(location?: string): Promise<void>;
}

/** Starts nginx in front of a port; `location` stands in its `location` block, before what passes requests on. */
export async function nginx(program: string, target: number, location = ""): Promise<Nginx> {
  const folder = temporaryFolder();
  const file = join(folder, "nginx.conf");
  const port = await freePort();
  const configure = (inside: string): void => writeFileSync(file, config(port, target, inside));
  const args = ["-p", folder, "-c", file, "-e", "stderr"];
  configure(location);
  const master = new Daemon(program, args);
  let workers = 1;
  await master.says(/start worker process \d/, workers);
  return {
    url: `ws://127.0.0.1:${port}/`,
    async reload(inside = location) {
      configure(inside);
      const signal = new Daemon(program, [...args, "-s", "reload"]);
      await signal.ended;
      await master.says(/start worker process \d/, ++workers);
      // Until then, the old one may answer dials.
      await master.says(/worker process \d+ exited/, workers - 1);
    },
  };
}

const config = (port: number, target: number, location: string): string => `
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
      ${location}
      proxy_pass http://127.0.0.1:${target};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
    }
  }
}
`;
