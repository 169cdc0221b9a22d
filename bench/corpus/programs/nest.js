// Starts a Nest application on Express, with one controller and one injected service.
require('reflect-metadata');
const { Controller, Get, Inject, Injectable, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');

class Greeter {
  greet() {
    return 'hello';
  }
}
Injectable()(Greeter);

class GreetingController {
  constructor(greeter) {
    this.greeter = greeter;
  }

  hello() {
    return this.greeter.greet();
  }
}
Inject(Greeter)(GreetingController, undefined, 0);
Get('hello')(
  GreetingController.prototype,
  'hello',
  Object.getOwnPropertyDescriptor(GreetingController.prototype, 'hello'),
);
Controller()(GreetingController);

class AppModule {}
Module({ controllers: [GreetingController], providers: [Greeter] })(AppModule);

const main = async () => {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  await app.listen(0, '127.0.0.1');
  const response = await fetch(`${await app.getUrl()}/hello`, { headers: { connection: 'close' } });
  process.stdout.write(`${response.status} ${await response.text()}\n`);
  await app.close();
};

main();
