// A to-do list over HTTP, kept in the hash "todos" of the Redis at REDISTOGO_URL: the text of each entry under its id.
'use strict';

const { randomUUID } = require('crypto');
const { readFileSync } = require('fs');
const http = require('http');
const { text } = require('stream/consumers');
const connect = require('connect');
const redis = require('redis');
const _ = require('underscore');

const page = _.template(readFileSync('index.html', 'utf8'));
const style = readFileSync('public/app.css', 'utf8');
const client = redis.createClient({ url: process.env.REDISTOGO_URL });
client.on('error', (error) => console.error(`redis: ${error.message}`));

const app = connect();

function answer(path, type, work) {
  app.use(path, (request, response, next) => {
    if (request.url !== '/') return next();
    text(request)
      .then((body) => work(new URLSearchParams(body)))
      .then((answered) => response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(type.endsWith('json') ? JSON.stringify(answered) : answered))
      .catch(next);
  });
}

answer('/todos/create', 'application/json', async (form) => {
  const id = randomUUID();
  await client.hSet('todos', id, form.get('description') ?? '');
  return { id };
});
answer('/todos/update', 'application/json', async (form) => {
  await client.hSet('todos', form.get('id') ?? '', form.get('description') ?? '');
  return {};
});
answer('/todos/delete', 'application/json', async (form) => {
  await client.hDel('todos', form.get('id') ?? '');
  return {};
});
answer('/todos', 'application/json', () => client.hGetAll('todos'));
answer('/public/app.css', 'text/css', async () => style);
answer('/', 'text/html', async () => page({ todos: _.sortBy(_.pairs(await client.hGetAll('todos')), ([, description]) => description) }));

client.connect().then(() => http.createServer(app).listen(process.env.PORT || 3000));
