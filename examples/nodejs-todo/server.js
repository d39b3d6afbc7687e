// A to-do list over HTTP, kept in the hash "todos" of the Redis at REDISTOGO_URL: the text of each entry under its id.
'use strict';

const { randomUUID } = require('crypto');
const bodyParser = require('body-parser');
const express = require('express');
const redis = require('redis');
const _ = require('underscore');

const client = redis.createClient({ url: process.env.REDISTOGO_URL });
client.on('error', (error) => console.error(`redis: ${error.message}`));

const app = express();
app.set('view engine', 'ejs');
app.use('/public', express.static('public'));
app.use(bodyParser.urlencoded({ extended: false }));

const answered = (work) => (request, response, next) => work(request.body).then((answer) => response.json(answer), next);

app.get('/', (request, response, next) => {
  client.hGetAll('todos').then((todos) => response.render('index', { todos: _.sortBy(_.pairs(todos), ([, description]) => description) }), next);
});
app.get('/todos', answered(() => client.hGetAll('todos')));
app.post('/todos/create', answered(async ({ description }) => {
  const id = randomUUID();
  await client.hSet('todos', id, String(description));
  return { id };
}));
app.post('/todos/update', answered(async ({ id, description }) => {
  await client.hSet('todos', String(id), String(description));
  return {};
}));
app.post('/todos/delete', answered(async ({ id }) => {
  await client.hDel('todos', String(id));
  return {};
}));

client.connect().then(() => app.listen(process.env.PORT || 3000));
