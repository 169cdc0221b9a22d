// Renders a few Material UI components to a string.
const React = require('react');
const { renderToStaticMarkup } = require('react-dom/server');
const { Button, Stack, ThemeProvider, Typography, createTheme } = require('@mui/material');

const element = React.createElement(
  ThemeProvider,
  { theme: createTheme() },
  React.createElement(
    Stack,
    { spacing: 2 },
    React.createElement(Typography, { variant: 'h1' }, 'Hello'),
    React.createElement(Button, { variant: 'contained' }, 'Press'),
  ),
);
process.stdout.write(`${renderToStaticMarkup(element).replaceAll(/<style.*?<\/style>/gs, '')}\n`);
